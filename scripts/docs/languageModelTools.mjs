// The tools for assistants in the manifest of the extension. The tools of the server are the only source.
import { formatted } from '../formatted.mjs'

/** How the names of the tools begin in the editor. */
export const TOOL_PREFIX = 'ambient_policy_'

const FOLDER = {
  type: 'string',
  description: 'Name of the workspace folder. Needed only if several folders are open.',
}

/** The manifest with the tools. @param sources `TOOLS` and `NEVER_GUESS` of the server. */
export function manifestWithTools(text, { TOOLS, NEVER_GUESS }) {
  const manifest = JSON.parse(text)
  manifest.contributes.languageModelTools = TOOLS.map((tool) => ({
    name: `${TOOL_PREFIX}${tool.name}`,
    toolReferenceName: `ambient${capitalised(tool.name)}`,
    displayName: `%tool.${tool.name}%`,
    userDescription: `%tool.${tool.name}.description%`,
    modelDescription: `${tool.description} ${NEVER_GUESS}`,
    canBeReferencedInPrompt: true,
    icon: '$(shield)',
    tags: ['istio', 'kubernetes', 'security'],
    when: 'istioAmbientPolicy.hasMesh && istioAmbientPolicy.hasTools',
    inputSchema: {
      ...tool.inputSchema,
      properties: { ...tool.inputSchema.properties, folder: FOLDER },
    },
  }))
  return formatted('package.json', JSON.stringify(manifest, null, 2))
}

/** The texts of the manifest with those of the tools. */
export function textsWithTools(text, { TOOLS }) {
  const others = Object.entries(JSON.parse(text)).filter(([key]) => !key.startsWith('tool.'))
  const texts = TOOLS.flatMap(({ name, title, description }) => [
    [`tool.${name}`, `Istio: ${title}`],
    [`tool.${name}.description`, firstSentence(description)],
  ])
  const all = Object.fromEntries([...others, ...texts])
  return formatted('package.nls.json', JSON.stringify(all, null, 2))
}

function firstSentence(text) {
  return /^.*?\.(?= [A-Z]|$)/.exec(text)?.[0] ?? text
}

function capitalised(name) {
  return name.charAt(0).toUpperCase() + name.slice(1)
}
