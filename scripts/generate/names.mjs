// The names of the generated objects.

export const APPS_PER_NAMESPACE = 24
const WORDS = [
  'cart',
  'orders',
  'billing',
  'search',
  'reviews',
  'ratings',
  'catalog',
  'users',
  'mail',
  'ledger',
  'stock',
  'quotes',
]

/**
 * The name of an app depends only on its number, so a document can name any other app, also one that is not
 * generated.
 */
export const appName = (app) => `${WORDS[app % WORDS.length]}-${app}`
export const namespaceName = (namespace) => `team-${namespace}`
export const namespaceOf = (app) => namespaceName(Math.floor(app / APPS_PER_NAMESPACE))
export const portOf = (app) => 8000 + (app % 37)

export const DASHBOARD =
  'A dashboard text that goes on for a while, as descriptions in real manifests do, with a colon: and some "quotes".'
