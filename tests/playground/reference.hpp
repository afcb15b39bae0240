#pragma once

/// @file
/// What playground.tensorflow.org's own code computes, to hold ours against.
///
/// Numbers printed by src/nn.ts and src/dataset.ts of github.com/tensorflow/playground (commit
/// 02469bd), d3 3.5.17 and seedrandom 2.4.4, run in Node 20.20.2 in the order of src/playground.ts:
/// seed, data, network, then one epoch after the other.

#include <cstddef>
#include <string_view>
#include <vector>

namespace handgrad::testing {

/// The mean losses after some epochs.
struct ReferenceLoss {
    std::size_t epoch;
    double train, test;
};

/// A run of the site.
struct ReferenceRun {
    std::string_view title, url;
    std::size_t dead_weights; ///< after the last of the epochs below
    std::vector<ReferenceLoss> losses;
};

inline const std::vector<ReferenceRun> reference_runs = {
    {"tanh",
     "#dataset=spiral&networkShape=8,8&seed=0.12345",
     0,
     {{0, 0.5199931974809721, 0.538648893571201},
      {1, 0.4750858852878394, 0.4897186253973214},
      {10, 0.4646708109961936, 0.48348419935691517},
      {100, 0.429641082491953, 0.47103720579887176},
      {300, 0.2911471204250641, 0.33707451990719434}}},
    {"relu, L1 with dying weights, batches of 7 of 250",
     "#dataset=circle&activation=relu&regularization=L1&regularizationRate=0.01&batchSize=7&noise="
     "10&networkShape=4,2&seed=a",
     14,
     {{0, 0.4955412208654063, 0.5085403882508561},
      {1, 0.4558044333658105, 0.4712942252321613},
      {10, 0.404972781459355, 0.45145227821148537},
      {100, 0.3950930949188099, 0.44708063483335636},
      {300, 0.39448581502805735, 0.4465601808174461}}},
    {"sigmoid, L2",
     "#dataset=gauss&activation=sigmoid&regularization=L2&regularizationRate=0.003&noise=25&"
     "networkShape=3&seed=b&learningRate=0.3",
     0,
     {{0, 0.6005312581689225, 0.59859918578023},
      {1, 0.08490067225275362, 0.09707723558956315},
      {10, 0.04072639011525031, 0.04619664042743736},
      {100, 0.03951924603736044, 0.04490620930063811},
      {300, 0.039504634654454626, 0.044900782458200554}}},
    {"classification of 350 points in batches of 30",
     "#dataset=xor&batchSize=30&percTrainData=70&networkShape=5,4&xTimesY=true&seed=c&noise=50&"
     "learningRate=0.1",
     0,
     {{0, 0.4731990871236276, 0.48644528798217845},
      {1, 0.2768193524763856, 0.284661722032916},
      {10, 0.24312685507648296, 0.270226337197879},
      {100, 0.22926086400974793, 0.2784618782519519},
      {300, 0.22137463735383306, 0.288795136293397}}},
    {"all features",
     "#dataset=spiral&networkShape=6,5&xSquared=true&ySquared=true&xTimesY=true&sinX=true&sinY="
     "true&seed=d&noise=5&learningRate=0.03&batchSize=9",
     0,
     {{0, 0.5543750791744646, 0.5445886054161075},
      {1, 0.5046439163285709, 0.514163856504506},
      {10, 0.4579583932829651, 0.4947914885144628},
      {100, 0.23265082755573666, 0.32337187326820604},
      {300, 0.12254883920680591, 0.23040265895206488}}},
    {"regression of a plane without activation",
     "#problem=regression&regDataset=reg-plane&networkShape=3&activation=linear&seed=e&noise=20&"
     "learningRate=0.01",
     0,
     {{0, 0.3346197940907463, 0.3146844927332193},
      {1, 0.008811050688402529, 0.009007245337710124},
      {10, 0.004530854504195647, 0.0048314851544675975},
      {100, 0.004530733611413612, 0.004831346329152312},
      {300, 0.004530646479066813, 0.004831132913460264}}},
    {"regression of cones",
     "#problem=regression&regDataset=reg-gauss&networkShape=8,8&seed=f&noise=5&learningRate=0.03&"
     "batchSize=17",
     0,
     {{0, 0.06045313884870744, 0.057877475291534634},
      {1, 0.04856390133499778, 0.04858579719191824},
      {10, 0.035313783141553326, 0.03633227473285807},
      {100, 0.017558926025205725, 0.02151984959780677},
      {300, 0.013600940499616812, 0.0163687074783304}}},
    {"no hidden layer",
     "#dataset=spiral&networkShape=&sinX=true&seed=g",
     0,
     {{0, 0.6989972462182356, 0.7835631326316886},
      {1, 0.5368999504876892, 0.5477467532487473},
      {10, 0.4831799105223698, 0.46210569375845195},
      {100, 0.48301529912943, 0.4631845024756178},
      {300, 0.48301529912943303, 0.463184502475648}}},
    {"all weights start at 0",
     "#dataset=circle&networkShape=3&initZero=true&seed=h",
     0,
     {{0, 0.5, 0.5},
      {1, 0.49979010562714415, 0.5003421800235329},
      {10, 0.49971485995676096, 0.5007520615214567},
      {100, 0.4997148338151643, 0.5007525612450873},
      {300, 0.4997148338151643, 0.5007525612450873}}},
    {"L1 with dying weights, batches of 11 of 250",
     "#dataset=spiral&networkShape=8&sinX=true&sinY=true&regularization=L1&regularizationRate=0."
     "003&seed=i&batchSize=11",
     15,
     {{0, 0.5371522657871491, 0.5497535541849708},
      {1, 0.5042387693056576, 0.5197288079336371},
      {10, 0.4534887993338537, 0.48378527063183374},
      {100, 0.22676615495388766, 0.2511913921455311},
      {300, 0.10315946800392889, 0.11786233366425247}}},
    {"a batch larger than the training set",
     "#dataset=xor&batchSize=260&seed=j",
     0,
     {{0, 0.499175711693486, 0.5016449461942452},
      {1, 0.499175711693486, 0.5016449461942452},
      {10, 0.499175711693486, 0.5016449461942452},
      {100, 0.499175711693486, 0.5016449461942452},
      {300, 0.499175711693486, 0.5016449461942452}}},
    {"diverging",
     "#dataset=gauss&activation=relu&learningRate=10&networkShape=4&seed=k",
     0,
     {{0, 0.6179166645558479, 0.6288588296710579},
      {1, 1.048, 0.952},
      {10, 1.048, 0.952},
      {100, 1.048, 0.952},
      {300, 1.048, 0.952}}},
    {"sigmoid twice",
     "#dataset=spiral&activation=sigmoid&networkShape=8,8&learningRate=0.3&sinX=true&sinY=true&"
     "seed=l",
     0,
     {{0, 0.563149168672449, 0.5459201709789867},
      {1, 0.5172978145430525, 0.5084988028135992},
      {10, 0.48528035820757875, 0.4928258045090231},
      {100, 0.2885172927628698, 0.33103789144806034},
      {300, 0.01381591388331464, 0.005292305177537397}}},
};

/// A few of the points of a dataset, shuffled and split.
struct ReferencePoints {
    std::string_view url;
    std::size_t train, test;  ///< how many there are
    double first[3], last[3]; ///< x, y, label of the first that trains and the last that tests
    double sum;               ///< of all x, y and labels
};

inline const std::vector<ReferencePoints> reference_points = {
    {"#dataset=circle&noise=20&seed=0.5",
     250,
     250,
     {0.4861940713484115, 0.8590529618269659, 1},
     {-0.8774473519054562, -0.44537211413301775, 1},
     -89.74969231993305},
    {"#dataset=xor&noise=35&seed=1&percTrainData=70",
     350,
     150,
     {2.82959093036237, -4.48262341865745, -1},
     {0.8321868658978249, 0.9929424079538338, 1},
     22.973261254153922},
    {"#dataset=gauss&noise=15&seed=2",
     250,
     250,
     {2.4328647215904047, -0.44490232888259973, 1},
     {1.223274379358759, 4.128089983422216, 1},
     -3.8268998351346912},
    {"#dataset=spiral&seed=3",
     250,
     250,
     {0.4564669620477277, -1.1744096016973458, 1},
     {-3.5588757138485474, -0.08946313977828368, -1},
     2.6645352591003757e-15},
    {"#dataset=spiral&noise=30&seed=4&percTrainData=33",
     165,
     335,
     {-0.78287442285513, -1.250600108778379, 1},
     {-3.3874723149026638, -0.5556740882672878, -1},
     7.930595917982767},
    {"#problem=regression&regDataset=reg-plane&noise=10&seed=5",
     600,
     600,
     {-1.718076267278306, -2.5463923729055846, -0.48623656745821475},
     {-2.539841665386485, -0.23682203147421976, -0.25456786354439775},
     118.0489204073034},
    {"#problem=regression&regDataset=reg-gauss&noise=25&seed=6&percTrainData=10",
     120,
     1080,
     {-2.3029345259245075, -3.6691271186434578, -0.209930633505246},
     {-0.6134058326979606, -4.663575219924017, 0.21864110303145934},
     119.12644159239305},
};

} // namespace handgrad::testing
