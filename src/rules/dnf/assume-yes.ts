import { dnfAssumeYesRule } from '../dnf-assume-yes-rule.js';

export default dnfAssumeYesRule('dnf/assume-yes', 'DL3038', ['dnf', 'microdnf']);
