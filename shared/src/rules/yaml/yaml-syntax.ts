import { documentRule } from '../rule.js'

export const yamlSyntax = documentRule({ name: 'yaml-syntax', level: 'error' })
