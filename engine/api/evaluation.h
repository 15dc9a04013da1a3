#pragma once

#include <string>
#include <vector>

#include "engine/api/dataset.h"
#include "engine/api/sampling.h"

namespace kiln {

// What an evaluation can be told: its own parameters, then those of sampling but for which sprites to make and when to show them.
const std::vector<ParamSpec>& evaluation_specs();

struct EvaluateRequest {
  std::string model;
  SpriteSource data;
  Preprocessing preprocessing;  // of the data, and of what is held out
  std::string run;              // a training run's folder: the sprites as it was trained on them, in place of `data`
  SpriteSource heldout;         // an empty path: none
  SampleSettings settings;      // shared_params: of evaluation_specs()
  std::string features;         // a TorchScript file to take distances by; empty: a classifier trained on the data
  std::string picture;          // a PNG to write; empty: none
  std::string cache;            // folder where trained classifiers are kept for the next time; empty: none

  // The sprites of an evaluation can be made in several shards, each by a program of its own, and judged together.
  int shards = 1, shard = 0;       // of these only the sprites of `shard`, 0 to shards - 1, are made, and kept in shard_file
  std::string shard_file;          // .safetensors; empty: all of it is done here
  std::vector<std::string> merge;  // the files of all shards, in any order: nothing is made. Settings are theirs
};

// One number of an evaluation, to be read: "1.25 ± 0.09", "–" where it was not measured. `drawn`: of drawn sprites in the same
// place, which no model beats.
struct EvaluatedMeasure {
  std::string label, help, generated, drawn;
};

struct EvaluatedClass {
  std::string name;
  std::string accuracy;  // to be read; "" if it was not measured
  std::vector<Image> sprites;
};

// A generated sprite that may be a copy, and of what.
struct EvaluatedSuspect {
  Image sprite, training;
  std::string class_name, file;
  double differing = 0;  // share of the opaque pixels
};

// What an evaluation found, for showing.
struct EvaluationOverview {
  int count = 0, draws = 0;  // sprites made in each draw
  std::vector<EvaluatedMeasure> measures;
  std::vector<EvaluatedClass> classes;
  std::vector<EvaluatedSuspect> suspects;  // the nearest first
};

}  // namespace kiln
