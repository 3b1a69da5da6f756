import { dnfCleanRule } from '../dnf-clean-rule.js';

export default dnfCleanRule('yum/clean', 'DL3032', ['yum'], ['install']);
