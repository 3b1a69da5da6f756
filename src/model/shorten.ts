/** Text for a message, cut to `limit` UTF-16 units with an ellipsis at its end. */
export function shorten(text: string, limit = 40): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 1)}…`;
}
