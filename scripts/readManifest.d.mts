export declare function readManifest(): unknown
