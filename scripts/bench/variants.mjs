// Runs one variant of the benchmark: node variants.cjs <variant> <folder> [argument]. Prints one line of JSON.
import { access } from './variants/access.mjs'
import { growth } from './variants/growth.mjs'
import { hostile } from './variants/hostile.mjs'
import { floor, index, yaml } from './variants/index.mjs'
import { keystroke } from './variants/keystroke.mjs'
import { schema } from './variants/schema.mjs'
import { server } from './variants/server.mjs'
import { Workspace } from './variants/workspace.mjs'

const VARIANTS = { floor, yaml, index, keystroke, server, hostile, schema, access, growth }
const [variant, folder, argument] = process.argv.slice(2)
console.log(JSON.stringify(await VARIANTS[variant](new Workspace(folder), argument)))
