import { documentRule } from '../rule.js'

export const unusedSuppression = documentRule({ name: 'unused-suppression', level: 'warning' })
