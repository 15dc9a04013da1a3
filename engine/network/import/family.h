#pragma once

#include <string>
#include <vector>

#include "engine/network/import/checkpoint.h"
#include "engine/network/model.h"

namespace kiln {

// What the weights of a checkpoint tell about their network, and what has to be assumed.
struct FoundModel {
  ParamMap params;
  NetworkShape shape;  // `classes` too
  ModelDiffusion diffusion;
  std::vector<std::string> notes;
  std::vector<std::pair<std::string, std::string>> renamed;  // the network's name of a tensor, the file's
  std::vector<std::string> missing;                          // tensors that such files do not hold; they get fixed random numbers
};

// What the person who imports says; nothing and 0 leave it to the family.
struct ImportOptions {
  int size = 0;       // of a sprite
  int timesteps = 0;  // T
  std::string time;   // "fraction": the network gets step / T, "steps": the step's number
};

// One kind of network that other projects train.
struct Family {
  std::string id;                                 // the network's
  std::string projects;                           // who trains it
  bool (*matches)(const Checkpoint& checkpoint);  // by names alone
  // Every part of its tensors' names that is no number ("down_blocks", "weight"): a file with others is another network.
  std::vector<std::string> words;
  // Throws Failure(kUnsupported) for what the network here cannot do.
  FoundModel (*describe)(const Checkpoint& checkpoint, const ImportOptions& options);
};

const std::vector<Family>& families();

}  // namespace kiln
