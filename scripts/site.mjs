// npm run site: builds the site of the documents.
//   --to FOLDER    the folder for the pages (default: .build/site)
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { buildSite } from './site/build.mjs'

const { values: options } = parseArgs({
  options: { to: { type: 'string', default: '.build/site' } },
})
const folder = resolve(options.to)
console.log(`${buildSite(folder).length} pages in ${folder}`)
