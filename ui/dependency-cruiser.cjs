// Who may import whom in the front end; `npm run check` holds the sources to it.
/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: "only-backend-talks-to-tauri",
      comment: "Everything else calls the Backend interface, so that it runs in a browser too.",
      severity: "error",
      from: { pathNot: "^src/backend/" },
      to: { path: "@tauri-apps/" },
    },
    {
      name: "features-do-not-know-each-other",
      comment: "What two features share is a component or belongs to the backend.",
      severity: "error",
      from: { path: "^src/features/([^/]+)/" },
      to: { path: "^src/features/", pathNot: "^src/features/$1/" },
    },
    {
      name: "components-are-presentation",
      comment: "A component is given what it shows; types of the contract may be named.",
      severity: "error",
      from: { path: "^src/components/" },
      to: { path: "^src/(backend|features)/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "backend-knows-no-page",
      severity: "error",
      from: { path: "^src/backend/" },
      to: { path: "^src/(features|components)/" },
    },
    {
      name: "the-fake-is-not-shipped",
      comment: "Only tests and main.ts, in the preview build, name the in-memory backend.",
      severity: "error",
      from: { pathNot: "(\\.test\\.ts$|^src/main\\.ts$|^src/backend/fake)" },
      to: { path: "^src/backend/fake" },
    },
    {
      name: "no-circles",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "declared-packages-only",
      severity: "error",
      from: {},
      to: { dependencyTypes: ["npm-no-pkg", "npm-unknown", "unknown", "undetermined"] },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["svelte", "import", "types", "default"],
    },
  },
};
