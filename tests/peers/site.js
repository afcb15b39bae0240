"use strict";
// Runs the code of playground.tensorflow.org without a browser.
//
//   node site.js CHECKOUT EPOCHS < LINKS
//
// CHECKOUT is a copy of github.com/tensorflow/playground in which `npm install` was run. Each line
// that comes in is the part of a link from the # on. For each, a line of JSON goes out: the link as
// the site writes it back, and the mean losses before training and after every epoch. A number that
// JSON does not know stands there as text.
//
// What is run is the site's own src/playground.ts with all that it imports, from its reading of the
// address to its button for one step. Only what draws is replaced: selections of the page by objects
// that do nothing, and the grid of 100 × 100 points that is drawn after every step by one of 2 × 2.

const readline = require("readline");
const Checkout = require("./checkout.js");

const checkout = new Checkout(process.argv[2]);
const epochs = Number(process.argv[3]);
const d3 = checkout.require("d3");
const seedrandom = checkout.require("seedrandom");
// In a browser the package puts this there itself
Math.seedrandom = (seed) => seedrandom(seed, {global: true});

const code = {};
function moduleCode(name) {
  if (!(name in code))
    code[name] = checkout.translated(
      checkout.read(name).replace("const DENSITY = 100;", "const DENSITY = 2;"));
  return code[name];
}

// An object that can be called, asked and counted with, and does nothing
const nothing = new Proxy(function() {}, {
  get: (_, name) => name === Symbol.toPrimitive ? () => 0 : nothing,
  set: () => true,
  apply: () => nothing,
});

// The site in a page of its own, opened with `hash`
function open(hash) {
  const losses = [];
  let step = null;
  const selection = (selector) => new Proxy(nothing, {
    get: (_, name) => {
      if (name === "on" && selector === "#next-step-button")
        return (event, handler) => { step = handler; };
      if (name === "property" && selector === "#noise")
        return (key) => key === "max" ? "50" : nothing; // as in index.html
      // What is called on a selection gives it back
      return name === Symbol.toPrimitive ? () => 0 : () => selection(selector);
    },
  });
  const page = {
    "d3": new Proxy(d3, {
      get: (_, name) => name === "select" ? (selector) =>
        typeof selector === "string" && selector.startsWith("#") ? selection(selector) : nothing
        : ["scale", "range", "format"].includes(name) ? d3[name] : nothing,
    }),
    "./heatmap": {HeatMap: function() { return nothing; }, reduceMatrix: () => []},
    "./linechart": {
      AppendingLineChart: function() {
        return {reset: () => { losses.length = 0; }, addDataPoint: (pair) => losses.push(pair)};
      },
    },
  };
  const location = {hash, href: ""};
  const window = {location, addEventListener() {}};
  const load = (name) => {
    if (!(name in page)) {
      page[name] = {};
      Function("require", "exports", "window", "document", "ga", moduleCode(name.slice(2)))(
        load, page[name], window, nothing, () => {});
    }
    return page[name];
  };
  load("./playground");
  return {hash: location.hash, losses, step};
}

const text = (number) => Number.isFinite(number) ? number : String(number);
readline.createInterface({input: process.stdin}).on("line", (hash) => {
  const site = open(hash);
  for (let epoch = 0; epoch < epochs; ++epoch)
    site.step();
  console.log(JSON.stringify({
    hash: site.hash,
    train: site.losses.map(([train]) => text(train)),
    test: site.losses.map(([, test]) => text(test)),
  }));
});
