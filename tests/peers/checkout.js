"use strict";
// A copy of github.com/tensorflow/playground in which `npm install` was run.

const fs = require("fs");
const path = require("path");

function stop(sentence) {
  console.error(sentence);
  process.exit(2);
}

module.exports = class Checkout {
  constructor(folder) {
    this.folder = folder;
    this.read("playground");
  }

  /** The text of src/`name`.ts. */
  read(name) {
    const file = path.join(this.folder, "src", `${name}.ts`);
    try {
      return fs.readFileSync(file, "utf8");
    } catch {
      stop(`there is no ${file}; the folder may be a checkout of tensorflow/playground`);
    }
  }

  /** One of the packages that the site is made with. */
  require(name) {
    try {
      return require(require.resolve(name, {paths: [path.resolve(this.folder)]}));
    } catch {
      stop(`there is no package ${name} in ${this.folder}; run npm install there`);
    }
  }

  /** TypeScript as JavaScript. */
  translated(text) {
    return this.require("typescript").transpileModule(
      text, {compilerOptions: {module: "commonjs"}}).outputText;
  }
};
