/** Text for a message, cut to `limit` UTF-16 units with an ellipsis at its end. */
export function shorten(text: string, limit = 40): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 1)}…`;
}

/** A sentence of a finding ends before that many UTF-16 units. */
const LONGEST = 200;

/**
 * A sentence that stays readable whatever names from a file stand in it: where it is too long, the longest words lose their
 * middle, and only where that is not enough the sentence its end.
 */
export function brief(sentence: string): string {
  if (sentence.length < LONGEST) return sentence;
  let shorter = sentence;
  for (const limit of [80, 40, 24]) {
    shorter = shorter.replace(/\S+/g, (word) => (word.length <= limit ? word : withoutMiddle(word, limit)));
    if (shorter.length < LONGEST) return shorter;
  }
  return shorten(shorter, LONGEST - 1);
}

function withoutMiddle(word: string, limit: number): string {
  const end = limit >> 2;
  return `${word.slice(0, limit - end - 1)}…${word.slice(-end)}`;
}
