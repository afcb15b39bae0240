"use strict";
// A network of neurons and links, learned one sample at a time: how the core of
// playground.tensorflow.org is built, in our own words, to hold the speed of handgrad against where
// no copy of the site is at hand. Batches divide the samples, and nothing is regularized.

const tanh = {value: Math.tanh, slope: (z) => 1 - Math.tanh(z) * Math.tanh(z)};

class Link {
  constructor(from, to, weight) {
    this.from = from;
    this.to = to;
    this.weight = weight;
    this.slopes = 0; // of the loss, summed up since the last update
    this.samples = 0;
  }
}

class Neuron {
  constructor(bias, activation) {
    this.bias = bias;
    this.activation = activation;
    this.incoming = [];
    this.outgoing = [];
    this.z = 0;
    this.y = 0;
    this.dy = 0;
    this.dz = 0;
    this.slopes = 0; // of the loss by the bias, summed up since the last update
    this.samples = 0;
  }

  fire() {
    this.z = this.bias;
    for (const link of this.incoming)
      this.z += link.weight * link.from.y;
    this.y = this.activation.value(this.z);
  }
}

class Network {
  /** `layers` as handgrad train writes them: of each its weight, d_out rows of d_in, and bias. */
  constructor(layers) {
    const inputs = layers[0].weight[0].map(() => new Neuron(0, tanh));
    this.columns = [inputs];
    for (const {weight, bias} of layers) {
      const before = this.columns[this.columns.length - 1];
      this.columns.push(bias.map((number, j) => {
        const neuron = new Neuron(number, tanh);
        before.forEach((from, k) => {
          const link = new Link(from, neuron, weight[j][k]);
          from.outgoing.push(link);
          neuron.incoming.push(link);
        });
        return neuron;
      }));
    }
    this.output = this.columns[this.columns.length - 1][0];
  }

  forward(inputs) {
    this.columns[0].forEach((neuron, k) => { neuron.y = inputs[k]; });
    for (const column of this.columns.slice(1))
      for (const neuron of column)
        neuron.fire();
    return this.output.y;
  }

  backward(label) {
    this.output.dy = this.output.y - label;
    for (let place = this.columns.length - 1; place > 0; --place) {
      for (const neuron of this.columns[place]) {
        neuron.dz = neuron.dy * neuron.activation.slope(neuron.z);
        neuron.slopes += neuron.dz;
        ++neuron.samples;
        for (const link of neuron.incoming) {
          link.slopes += neuron.dz * link.from.y;
          ++link.samples;
        }
      }
      if (place === 1)
        break;
      for (const neuron of this.columns[place - 1]) {
        neuron.dy = 0;
        for (const link of neuron.outgoing)
          neuron.dy += link.weight * link.to.dz;
      }
    }
  }

  update(rate) {
    for (const column of this.columns.slice(1))
      for (const neuron of column) {
        neuron.bias -= rate * neuron.slopes / neuron.samples;
        neuron.slopes = 0;
        neuron.samples = 0;
        for (const link of neuron.incoming) {
          link.weight -= rate / link.samples * link.slopes;
          link.slopes = 0;
          link.samples = 0;
        }
      }
  }

  layers() {
    return this.columns.slice(1).map((column) => ({
      weight: column.map((neuron) => neuron.incoming.map((link) => link.weight)),
      bias: column.map((neuron) => neuron.bias),
    }));
  }
}

module.exports = {Network};
