// Builds clients/web and places it beside the server: node build.mjs TARGET. Run by MSBuild when a source of the web app changed.
// Several builds may run at once (tests build the server too): one works, the others wait and find it done.
import { execSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, rmdirSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, extname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";

const web = resolve(dirname(fileURLToPath(import.meta.url)), "../../clients/web");
const dist = join(web, "dist");
const target = resolve(process.argv[2]);
const lock = join(web, ".build-lock");
const staleAfterMs = 5 * 60_000;

// A directory is the lock: making it is atomic on every system. One left behind by a killed build is taken over.
function acquire() {
  for (;;) {
    try {
      mkdirSync(lock);
      return;
    } catch (failure) {
      if (failure.code !== "EEXIST") throw failure;
      const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
      if (age > staleAfterMs) rmSync(lock, { recursive: true, force: true });
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
    }
  }
}

function hashOf(paths) {
  const hash = createHash("sha256");
  for (const path of paths.map(name => join(web, name)).filter(existsSync)) {
    const files = statSync(path).isDirectory() ? readdirSync(path, { recursive: true }).sort().map(name => join(path, name)) : [path];
    for (const file of files.filter(file => statSync(file).isFile())) hash.update(file.slice(web.length)).update(readFileSync(file));
  }
  return hash.digest("hex");
}

// Runs the work unless it was done for the same inputs.
function once(stamp, inputs, work) {
  const hash = hashOf(inputs);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === hash) return;
  work();
  writeFileSync(stamp, hash);
}

const run = command => execSync(command, { cwd: web, stdio: ["ignore", "inherit", "inherit"] });

// Compressed beside the original, so that the server only picks a file. What is compressed already (pictures) stays alone.
function compress(folder) {
  for (const name of readdirSync(folder, { recursive: true })) {
    const file = join(folder, name);
    if (![".js", ".css", ".html", ".svg", ".json", ".webmanifest"].includes(extname(file)) || statSync(file).size < 1024) continue;
    const content = readFileSync(file);
    writeFileSync(`${file}.br`, brotliCompressSync(content));
    writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
  }
}

acquire();
try {
  once(join(web, "node_modules", ".coolchat-stamp"), ["package.json", "package-lock.json"], () => run("npm ci --no-audit --no-fund --loglevel=error"));
  const sources = ["src", "public", "index.html", "package.json", "package-lock.json", "vite.config.ts", "tsconfig.json"];
  once(join(dist, ".coolchat-stamp"), sources, () => {
    run("npm run --silent build -- --logLevel warn");
    compress(dist);
  });
  const fresh = `${target}.new`;
  rmSync(fresh, { recursive: true, force: true });
  cpSync(dist, fresh, { recursive: true });
  rmSync(target, { recursive: true, force: true });
  renameSync(fresh, target);
  const now = new Date();
  utimesSync(join(target, "index.html"), now, now);
} finally {
  rmdirSync(lock);
}
