import { documentRule, type DocumentRule } from './rule.js'

export const HEREDOC_DEBRIS = documentRule({
  name: 'heredoc-debris',
  level: 'error',
})

export const YAML_SYNTAX = documentRule({
  name: 'yaml-syntax',
  level: 'error',
})

export const UNUSED_SUPPRESSION = documentRule({
  name: 'unused-suppression',
  level: 'warning',
})

/** Every rule about a document's text. */
export const DOCUMENT_RULES: readonly DocumentRule[] = [HEREDOC_DEBRIS, UNUSED_SUPPRESSION, YAML_SYNTAX]
