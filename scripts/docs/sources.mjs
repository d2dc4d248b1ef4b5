// What documents are generated from. `npm run docs` bundles this file, tests import it.
export { createProgram, runCli } from '../../server/src/cli/program.ts'
export { NEVER_GUESS, TOOLS } from '../../server/src/mcp/tools.ts'
export { nodeHost } from '../../server/src/nodeHost.ts'
export { rulePage } from '../../shared/src/docs/rulePage.ts'
export { rulesIndex } from '../../shared/src/docs/rulesIndex.ts'
export { ISTIOD_FLAGS } from '../../shared/src/mesh/settings.ts'
export { RULE_CATALOGUE } from '../../shared/src/rules/catalogue.ts'
export { docsOf } from '../../shared/src/rules/docsOf.ts'
