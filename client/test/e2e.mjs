// The packaged extension in a real workbench: what a person sees and does. Screenshots go to `e2e-output/`. Ends by itself, and ends only what it started.
// `node client/test/e2e.mjs NAME…` makes some of the tours only, with the package that is there.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { installWorkbench } from './installWorkbench.mjs'
import { startWorkbench, Workbench } from './workbench.mjs'

/** In the order in which they are made. Only where they are named: `screenshots`, those of the documents, and `large`, which takes minutes. */
const TOURS = [
  'editing',
  'evaluate',
  'mesh',
  'walkthrough',
  'killing',
  'worker',
  'web',
  'neovim',
  'emacs',
]

const at = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const { name, version } = JSON.parse(readFileSync(at('package.json'), 'utf8'))
const output = at('e2e-output')
const wanted = process.argv.slice(2)
if (wanted.length === 0) rmSync(output, { recursive: true, force: true })
mkdirSync(output, { recursive: true })

const root = mkdtempSync(join(tmpdir(), 'ambient-policy-e2e-'))
let workbench
try {
  for (const tour of wanted.length > 0 ? wanted : TOURS) await make(tour)
} finally {
  await workbench?.browser.close()
  await workbench?.server.stop()
  rmSync(root, { recursive: true, force: true })
}

/** Makes a tour on a copy of a fixture of its own. */
async function make(name) {
  const {
    fixture,
    tour,
    settings = {},
    viewport = { width: 1400, height: 900 },
    browser = true,
  } = await import(`./tours/${name}.mjs`)
  const folder = join(root, name)
  cpSync(at(fixture), folder, { recursive: true })
  console.log(`${name}:`)
  const given = { folder, at, step: (text) => console.log(`✓ ${text}`) }
  if (browser) await onPage(name, { settings, viewport }, (page) => tour({ ...given, ...page }))
  else await tour(given)
}

/** Acts on a page of the workbench, which is started for the first tour that needs it. */
async function onPage(name, { settings, viewport }, act) {
  workbench ??= await start()
  const { browser, server } = workbench
  server.set(settings)
  const page = await browser.newPage({ viewport })
  try {
    const shoot = async (file) => {
      // What fades in has to be there.
      await page.waitForTimeout(500)
      await page.screenshot({ path: join(output, `${name}-${file}.png`) })
    }
    await act({ page, workbench: new Workbench(page), server, shoot })
  } catch (error) {
    await page.screenshot({ path: join(output, `${name}-failed.png`) })
    console.log((await page.locator('.notification-list-item-message').allInnerTexts()).join('\n'))
    throw error
  } finally {
    await page.close()
  }
}

async function start() {
  const programs = installWorkbench(at('.workbench'))
  const { chromium } = await import(pathToFileURL(programs.playwright).href)
  const server = await startWorkbench({ programs, root, vsix: at(`${name}-${version}.vsix`) })
  try {
    const browser = await chromium.launch({
      executablePath: programs.chromium,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--disable-dev-shm-usage',
      ],
    })
    return { browser, server }
  } catch (error) {
    await server.stop()
    throw error
  }
}
