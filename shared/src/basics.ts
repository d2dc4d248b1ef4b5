// What a program needs before it evaluates anything: all of these modules are small. A program that imports only from
// here starts without the evaluator.
export { SETTINGS_FILE } from './protocol/settings.js'
export { isTestFile } from './accessTests/testFile.js'
export { isBuildFile } from './resources/buildFileNames.js'
export { isInside } from './resources/paths.js'
export { LEVELS, type Level } from './rules/finding.js'
export { printable } from './text/printable.js'
