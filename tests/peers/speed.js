"use strict";
// How many training samples a second a core in JavaScript learns from.
//
//   node speed.js FOLDER RATE BATCH EPOCHS [CHECKOUT]
//
// FOLDER is what `handgrad train --export` made: training goes on from its weights with its data.
// Out goes JSON: the weights after EPOCHS more epochs, and the best of a few speeds. With CHECKOUT, a
// copy of github.com/tensorflow/playground in which `npm install` was run, the core is the site's own
// src/nn.ts, else that of core.js.

const fs = require("fs");
const path = require("path");
const Checkout = require("./checkout.js");

const [folder, rate, batch, epochs] =
  [process.argv[2], ...process.argv.slice(3, 6).map(Number)];
const read = (name) => JSON.parse(fs.readFileSync(path.join(folder, name), "utf8"));
const samples = read("data.json").train;

// The site's network under the names of core.js
function siteNetwork(checkout) {
  const nn = {};
  Function("exports", checkout.translated(checkout.read("nn")))(nn);
  return class {
    constructor(layers) {
      const sizes = [layers[0].weight[0].length, ...layers.map((layer) => layer.bias.length)];
      const inputs = layers[0].weight[0].map((_, k) => `input ${k}`);
      const tanh = nn.Activations.TANH;
      this.columns = nn.buildNetwork(sizes, tanh, tanh, null, inputs);
      layers.forEach(({weight, bias}, place) => this.columns[place + 1].forEach((node, j) => {
        node.bias = bias[j];
        node.inputLinks.forEach((link, k) => { link.weight = weight[j][k]; });
      }));
    }
    forward(inputs) { return nn.forwardProp(this.columns, inputs); }
    backward(label) { nn.backProp(this.columns, label, nn.Errors.SQUARE); }
    update(rate) { nn.updateWeights(this.columns, rate, 0); }
    layers() {
      return this.columns.slice(1).map((column) => ({
        weight: column.map((node) => node.inputLinks.map((link) => link.weight)),
        bias: column.map((node) => node.bias),
      }));
    }
  };
}

const Network = process.argv[6] ? siteNetwork(new Checkout(process.argv[6]))
  : require("./core.js").Network;
const network = new Network(read("weights.json").layers);

function train(epochs) {
  for (let epoch = 0; epoch < epochs; ++epoch)
    samples.forEach(([x, y, label], i) => {
      network.forward([x, y]);
      network.backward(label);
      if ((i + 1) % batch === 0)
        network.update(rate);
    });
}

train(epochs);
const layers = network.layers();

// The best of a few tries: what else the machine does can only slow it down
let best = 0;
for (let attempt = 0; attempt < 5; ++attempt) {
  const start = process.cpuUsage();
  train(epochs);
  const {user, system} = process.cpuUsage(start); // microseconds
  best = Math.max(best, epochs * samples.length / (user + system) * 1e6);
}
console.log(JSON.stringify({layers, best}));
