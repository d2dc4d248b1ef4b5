// The packaged extension in a real workbench: what a person sees and does. Screenshots go to `e2e-output/`. Ends by itself, and ends only what it started.
// `node client/test/e2e.mjs NAME…` makes some of the tours only, with the package that is there.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { installWorkbench } from './installWorkbench.mjs'
import { startWorkbench, Workbench } from './workbench.mjs'

/** In the order in which they are made; `screenshots`, those of the README, only where it is named. */
const TOURS = ['editing', 'evaluate', 'mesh', 'walkthrough', 'worker', 'web']

const at = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const { name, version } = JSON.parse(readFileSync(at('package.json'), 'utf8'))
const output = at('e2e-output')
const wanted = process.argv.slice(2)
if (wanted.length === 0) rmSync(output, { recursive: true, force: true })
mkdirSync(output, { recursive: true })

const programs = installWorkbench(at('.workbench'))
const { chromium } = await import(pathToFileURL(programs.playwright).href)
const root = mkdtempSync(join(tmpdir(), 'ambient-policy-e2e-'))
const server = await startWorkbench({ programs, root, vsix: at(`${name}-${version}.vsix`) })
try {
  const browser = await chromium.launch({
    executablePath: programs.chromium,
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage'],
  })
  try {
    for (const tour of wanted.length > 0 ? wanted : TOURS) await make(browser, tour)
  } finally {
    await browser.close()
  }
} finally {
  await server.stop()
  rmSync(root, { recursive: true, force: true })
}

/** Makes a tour on a page and a copy of a fixture of its own. */
async function make(browser, name) {
  const { fixture, tour, settings = {}, viewport = { width: 1400, height: 900 } } = await import(`./tours/${name}.mjs`)
  const folder = join(root, name)
  cpSync(at(fixture), folder, { recursive: true })
  server.set(settings)
  const page = await browser.newPage({ viewport })
  console.log(`${name}:`)
  try {
    const shoot = async (file) => {
      // What fades in has to be there.
      await page.waitForTimeout(500)
      await page.screenshot({ path: join(output, `${name}-${file}.png`) })
    }
    await tour({ page, workbench: new Workbench(page), server, folder, shoot, at, step: (text) => console.log(`✓ ${text}`) })
  } catch (error) {
    await page.screenshot({ path: join(output, `${name}-failed.png`) })
    console.log((await page.locator('.notification-list-item-message').allInnerTexts()).join('\n'))
    throw error
  } finally {
    await page.close()
  }
}
