import { documentRule } from '../rule.js'

export const heredocDebris = documentRule({ name: 'heredoc-debris', level: 'error' })
