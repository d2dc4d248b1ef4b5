// What the Visual Studio Marketplace and Open VSX need of the extension, beyond what `vsce` checks.

const MAX_BYTES = 5_000_000
const MAX_KEYWORDS = 30
const MIN_ICON = 128
/** Names of others. A display name can end with them ("for Istio"), but must not begin with them. */
const TRADEMARKS = /^(?:Istio|Kubernetes|Envoy|VS Code|Visual Studio|Microsoft|GitHub)\b/i
/** https://code.visualstudio.com/api/references/extension-manifest */
const CATEGORIES = new Set([
  'AI',
  'Azure',
  'Chat',
  'Data Science',
  'Debuggers',
  'Education',
  'Extension Packs',
  'Formatters',
  'Keymaps',
  'Language Packs',
  'Linters',
  'Machine Learning',
  'Notebooks',
  'Other',
  'Programming Languages',
  'SCM Providers',
  'Snippets',
  'Testing',
  'Themes',
  'Visualization',
])
const NEEDED_FILES = ['package.json', 'readme.md', 'changelog.md', 'LICENSE.txt']
/** Files of developers, or of tools. */
const UNWANTED = /(?:^|\/)(?:node_modules|src|test|\.vscode)\/|\.(?:ts|map|tsbuildinfo)$/

/**
 * The open points of an extension; empty if it can be published.
 *
 * @param {{ manifest: object, files: ReadonlyMap<string, Buffer>, placeholder: string }} extension
 *   `files`: the contents of the `.vsix` below `extension/`
 */
export function marketplaceProblems({ manifest, files, placeholder }) {
  const readme = files.get('readme.md')?.toString('utf8') ?? ''
  const links = [...readme.matchAll(/(!?)\[[^\]]*\]\(([^)\s]+)\)/g)].map(([, mark, target]) => ({
    isImage: mark === '!',
    target,
  }))
  const bytes = [...files.values()].reduce((sum, file) => sum + file.length, 0)
  const checks = [
    [!TRADEMARKS.test(manifest.displayName), 'the display name begins with a trademark'],
    [manifest.description.length <= 200, 'the description has more than 200 characters'],
    ...['publisher', 'license', 'pricing', 'icon'].map((key) => [
      typeof manifest[key] === 'string' && manifest[key] !== '',
      `the manifest has no ${key}`,
    ]),
    ...urlsOf(manifest).map(([key, url]) => [
      /^(?:git\+)?https:\/\/\S+$/.test(url ?? ''),
      `${key} is no https address`,
    ]),
    [/^#[0-9a-f]{6}$/i.test(manifest.galleryBanner?.color ?? ''), 'the banner has no colour'],
    [['dark', 'light'].includes(manifest.galleryBanner?.theme), 'the banner has no theme'],
    [manifest.categories.every((each) => CATEGORIES.has(each)), 'a category does not exist'],
    [manifest.keywords.length <= MAX_KEYWORDS, `there are more than ${MAX_KEYWORDS} keywords`],
    [pngSize(files.get(manifest.icon)) >= MIN_ICON, `the icon is no PNG of ${MIN_ICON} pixels`],
    [/^\d+\.\d+\.\d+$/.test(manifest.version), 'the version is not like 1.2.3'],
    [!manifest.activationEvents.includes('*'), 'the extension is active in every window'],
    [
      manifest.activationEvents.every((event) => !/\*\*\/\*\.\{?(?:ya?ml|json)/.test(event)),
      'the extension is active in every folder with YAML',
    ],
    ...NEEDED_FILES.map((file) => [files.has(file), `${file} is missing`]),
    ...[manifest.main, manifest.browser].map((path) => [
      files.has(path.replace('./', '')),
      `${path} is missing`,
    ]),
    [bytes <= MAX_BYTES, `the files have ${bytes} bytes`],
    [links.some(({ isImage }) => isImage), 'the readme has no image'],
  ]
  return [
    ...checks.filter(([holds]) => !holds).map(([, problem]) => problem),
    ...[...files.keys()].filter((file) => UNWANTED.test(file)).map((file) => `${file} is packaged`),
    ...links.flatMap(({ isImage, target }) => linkProblem(target, isImage)),
    ...placesOf(manifest, placeholder).map(
      (place) => `${place} has the placeholder ${placeholder}`,
    ),
  ]
}

function urlsOf({ repository, bugs, homepage, qna }) {
  return [
    ['repository', repository?.url],
    ['bugs', bugs?.url],
    ['homepage', homepage],
    ['qna', qna],
  ]
}

function linkProblem(target, isImage) {
  if (target.startsWith('#') && !isImage) return []
  if (!target.startsWith('https://')) return [`the readme links ${target}, which is not absolute`]
  return isImage && /\.svg$/.test(target) ? [`the image ${target} is an SVG`] : []
}

/** The fields of the manifest that have a placeholder. */
function placesOf(manifest, placeholder) {
  return urlsOf(manifest)
    .filter(([, url]) => url?.split('/').includes(placeholder))
    .map(([key]) => key)
}

/** The width of a PNG file; 0 for another file. */
function pngSize(bytes) {
  const isPng = bytes?.subarray(1, 4).toString('latin1') === 'PNG'
  return isPng ? bytes.readUInt32BE(16) : 0
}
