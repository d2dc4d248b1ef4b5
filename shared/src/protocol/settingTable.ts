// Generated from package.json by `npm run docs`.
import type { SettingFacts } from './settingFacts.js'

/** The settings that a settings file can have. */
export const SETTING_FACTS: SettingFacts = {
  type: 'object',
  description: '',
  properties: {
    istioVersion: {
      type: 'string',
      description:
        'Istio release of the mesh, such as `1.30`. If empty: the release of the Istio installation in the files, otherwise the newest known release.',
    },
    rootNamespace: {
      type: 'string',
      description:
        'Root namespace of the mesh. If empty: the value of MeshConfig in the files, otherwise `istio-system`.',
    },
    trustDomain: {
      type: 'string',
      description:
        'Trust domain of the mesh. If empty: the value of MeshConfig in the files, otherwise `cluster.local`.',
    },
    flags: {
      type: 'object',
      description:
        "Environment variables of istiod that differ from Istio's defaults and from the Istio installation in the files.",
      properties: {
        ENABLE_SELECTOR_BASED_K8S_GATEWAY_POLICY: { type: 'boolean', description: '' },
        ENABLE_LAYERED_WAYPOINT_AUTHORIZATION_POLICIES: { type: 'boolean', description: '' },
        PILOT_AUTO_ALLOW_WAYPOINT_POLICY: { type: 'boolean', description: '' },
        AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY: { type: 'boolean', description: '' },
        ENABLE_INGRESS_WAYPOINT_ROUTING: { type: 'boolean', description: '' },
        ENABLE_GATEWAY_API_HTTPROUTE_AUTH: { type: 'boolean', description: '' },
        AMBIENT_ENABLE_STATUS: { type: 'boolean', description: '' },
        AMBIENT_ENABLE_MULTI_NETWORK: { type: 'boolean', description: '' },
        PILOT_ENABLE_MULTIPLE_CUSTOM_AUTHZ_PROVIDERS: { type: 'boolean', description: '' },
        PILOT_ENABLE_AGENTGATEWAY: { type: 'boolean', description: '' },
        PILOT_ENABLE_IP_AUTOALLOCATE: { type: 'boolean', description: '' },
        ENABLE_WILDCARD_HOST_SERVICE_ENTRIES_FOR_TLS: { type: 'boolean', description: '' },
      },
    },
    assumeAmbient: {
      type: 'string',
      description: 'How to treat namespaces whose enrolment is not in the files.',
      default: 'unknown-namespaces',
      values: {
        'unknown-namespaces':
          'Assume ambient mode for namespaces whose enrolment is not in the files. Findings show the assumption.',
        all: 'Assume ambient mode for all namespaces without an enrolment label.',
        none: 'Assume nothing: enrolment that is not in the files is unknown.',
      },
    },
    meshRoots: {
      type: 'array',
      description:
        'Folders that are one mesh each, relative to this file. If empty: each workspace folder is one mesh, except that kustomize overlays and folders with different definitions of the same object are meshes of their own.',
      items: { type: 'string', description: '' },
    },
    exclude: {
      type: 'array',
      description:
        'Glob patterns of files and folders to ignore, relative to this file: `*`, `**`, `?`, `[a-z]` and `{a,b}`.',
      items: { type: 'string', description: '' },
    },
    charts: {
      type: 'array',
      description:
        'Helm charts, such as `{"path": "charts/shop", "values": ["prod.yaml"], "release": "shop", "namespace": "shop"}`. The command line renders them with your `helm` if you give the flag `--helm`.',
      items: {
        type: 'object',
        description: '',
        properties: {
          path: {
            type: 'string',
            description: 'Folder of the chart, relative to the workspace folder.',
          },
          values: {
            type: 'array',
            description: 'Values files, relative to the workspace folder.',
            items: { type: 'string', description: '' },
          },
          release: {
            type: 'string',
            description: 'Name of the release. If empty: the name of the folder.',
          },
          namespace: {
            type: 'string',
            description: 'Namespace of the release, and of objects that do not name one.',
          },
        },
      },
    },
    rules: {
      type: 'object',
      description:
        'Level of each rule by its name, such as `{"deny-path-variants": "off"}`. Findings based on an assumption are never errors.',
    },
    inlayHints: {
      type: 'object',
      description: '',
      properties: {
        ruleLayer: {
          type: 'boolean',
          description: 'Show an inlay hint with the proxy that enforces a rule.',
          default: 'true',
        },
        waypoint: {
          type: 'boolean',
          description: 'Show an inlay hint with the waypoint of a `use-waypoint` label.',
          default: 'true',
        },
        containerPort: {
          type: 'boolean',
          description: 'Show an inlay hint with the container port of a Service port.',
          default: 'true',
        },
      },
    },
    codeLens: {
      type: 'object',
      description: '',
      properties: {
        policies: {
          type: 'boolean',
          description: 'Show code lenses above policies.',
          default: 'true',
        },
        waypoints: {
          type: 'boolean',
          description: 'Show code lenses above waypoints.',
          default: 'true',
        },
        workloads: {
          type: 'boolean',
          description: 'Show code lenses above workloads, Services and namespaces.',
          default: 'true',
        },
        serviceAccounts: {
          type: 'boolean',
          description: 'Show code lenses above ServiceAccounts.',
          default: 'true',
        },
      },
    },
    maxFiles: {
      type: 'integer',
      description: 'Maximum number of files read per workspace folder.',
      default: '50000',
    },
    maxFileSize: {
      type: 'number',
      description: 'Maximum file size in megabytes. Larger files are not read.',
      default: '20',
    },
    cache: {
      type: 'boolean',
      description:
        'Keep findings on disk outside of the repository, so that the next start shows them sooner. If the editor or `.ambient-policy.yaml` turns it off, it is off.',
      default: 'true',
    },
    trace: {
      type: 'object',
      description: '',
      properties: {
        server: {
          type: 'string',
          description: 'Log the communication with the language server in the output.',
          default: 'off',
          values: { off: '', messages: '', verbose: '' },
        },
      },
    },
  },
}
