import { dnfAssumeYesRule } from '../dnf-assume-yes-rule.js';

export default dnfAssumeYesRule('yum/assume-yes', 'DL3030', ['yum']);
