import type * as unbash from 'unbash';

/** True for a command that only asks something. */
export function isTest(node: unbash.PipelineNode): boolean {
  if (node.type === 'Pipeline') return node.prefixes.length > 0 && node.commands.some(isTest);
  if (node.type === 'TestCommand' || node.type === 'ArithmeticCommand') return true;
  return node.type === 'Command' && (node.name?.value === '[' || node.name?.value === 'test');
}

/** True for a heredoc that is the standard input of its command. */
export function isInput(doc: unbash.HereDoc): boolean {
  return doc.descriptor === undefined || (doc.descriptor.type === 'FileDescriptor' && doc.descriptor.value === 0);
}

/** The words of `[[ ... ]]`, operators left out. */
export function testOperands(node: unbash.TestExpression): readonly unbash.Word[] {
  switch (node.type) {
    case 'TestUnary':
      return [node.operand];
    case 'TestBinary':
      return [node.left, node.right];
    case 'TestLogical':
      return node.operands.flatMap(testOperands);
    case 'TestNot':
      return testOperands(node.operand);
    case 'TestGroup':
      return testOperands(node.expression);
  }
}
