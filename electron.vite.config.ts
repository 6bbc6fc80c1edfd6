import { chmodSync } from "node:fs";
import { join } from "node:path";
import react from "@vitejs/plugin-react";
import { resolve } from "node:path";
import { defineConfig } from "electron-vite";

/** Old enough for the oldest runtime that the console is run with, Electron 33. */
const nodeTarget = "node20";
const pageTarget = "chrome130";

/** What the packaged application finds in its `node_modules`: native code, and servers that run as programs of their own. */
const installed = ["libsql", /^@modelcontextprotocol\/server-(everything|filesystem)(\/|$)/];

/** npm makes a package's program executable where it is installed, not where it is developed. */
const executableCli = {
  name: "executable-cli",
  writeBundle: ({ dir }: { dir?: string }, bundle: object) => {
    if (dir !== undefined && "cli.js" in bundle) chmodSync(join(dir, "cli.js"), 0o755);
  },
};

export default defineConfig({
  main: {
    plugins: [executableCli],
    build: {
      target: nodeTarget,
      sourcemap: true,
      // A dependency for the types of the library; what runs is bundled, which starts sooner.
      externalizeDeps: { exclude: ["zod"] },
      rolldownOptions: {
        input: { main: "electron/main.ts", cli: "electron/cli/main.ts", client: "electron/core/client/library.ts" },
        external: installed,
        output: {
          format: "es",
          entryFileNames: "[name].js",
          chunkFileNames: "chunks/[name]-[hash].js",
          banner: (chunk) => (chunk.isEntry && chunk.name === "cli" ? "#!/usr/bin/env node" : ""),
        },
      },
    },
  },
  preload: {
    build: {
      target: nodeTarget,
      sourcemap: true,
      rolldownOptions: {
        input: { preload: "electron/preload.ts" },
        // A sandboxed preload script cannot be an ES module, and cannot load a second file.
        output: { format: "cjs", entryFileNames: "[name].cjs", codeSplitting: false },
      },
    },
  },
  renderer: {
    root: "renderer",
    plugins: [react()],
    resolve: { alias: { "@rjsf/validator-ajv8": resolve(import.meta.dirname, "renderer/features/tools/no-ajv.ts") } },
    css: {
      transformer: "lightningcss",
      // Names of classes are a module's own; areas of a grid are named across modules.
      lightningcss: { cssModules: { pattern: "[local]_[hash]", grid: false } },
    },
    build: {
      target: pageTarget,
      sourcemap: true,
      outDir: "out/renderer",
      minify: true,
      // Kilobytes. The page comes from the disk.
      chunkSizeWarningLimit: 1_500,
      // The page's content security policy allows no data: fonts or scripts.
      assetsInlineLimit: 0,
      rolldownOptions: {
        input: {
          index: join(import.meta.dirname, "renderer/index.html"),
          crash: join(import.meta.dirname, "renderer/crash.html"),
        },
      },
    },
    server: { host: "127.0.0.1" },
  },
});
