#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/diffusion_config.h"
#include "engine/base/image.h"
#include "engine/base/palette_head.h"
#include "engine/base/param_spec.h"
#include "engine/network/network.h"

namespace kiln {

// Where a model comes from.
struct ModelFacts {
  std::int64_t steps = 0;        // trained
  std::string data_fingerprint;  // of the set it was trained on
  std::string distilled_from;    // Model::weights_hash() of the model that taught it; "" for others
  std::string first_hash;        // Model::hash of the file that had these weights first, with other defaults; "": none before
  std::string recipe_json;       // "" if unknown
  std::string credits;
  std::string licence;
  Palette palette;                 // empty if none
  ParamMap sampling;               // how its sprites come out best: guidance, steps and the like (api/sampling.h); or nothing
  bool hard_alpha = false;         // every pixel it was trained on was opaque or fully transparent: so are its finished sprites
  std::vector<std::string> notes;  // what was assumed on import
};

// A network with all that is needed to use it.
struct Model {
  std::string network_id = "kiln_unet";
  ParamMap network_params;
  NetworkShape shape;
  std::vector<std::string> classes;  // shape.classes names
  std::vector<int> frames;           // of each class's animation, 0 of one that is not animated; empty: none is
  DiffusionConfig diffusion;
  PaletteEntries palette_head;  // what its outputs are logits over (diffusion/output_head.h); empty: they are no such logits
  int few_steps = 0;            // of a distilled model: the most steps that it draws in; else 0
  ModelFacts facts;
  std::vector<Image> thumbnails;  // one a class, or none
  std::shared_ptr<Network> network;
  std::string hash;  // SHA-256 of the file, hex; "" before it has one

  bool is_distilled() const { return few_steps > 0; }
  // The hash that it had before save_with_sampling: that of the first file with these weights.
  const std::string& weights_hash() const { return facts.first_hash.empty() ? hash : facts.first_hash; }
};

// A model with a new network of random weights (from torch's default generator). Throws Failure for parameters that make none.
Model make_model(std::string network_id, const ParamMap& network_params, const NetworkShape& shape,
                 std::vector<std::string> classes, std::vector<int> frames = {});

enum class WeightType { kFloat32, kFloat16 };

// Writes the model file (README, “The model file”), whole or not at all; returns its SHA-256. Throws Failure: destination.
std::string save_model(const Model& model, const std::filesystem::path& path, WeightType type);

// Reads it, strictly; the network is in evaluation mode. Throws Failure: kNotFound, kUnreadable, kCorrupt, kUnsupported.
Model load_model(const std::filesystem::path& path);

// live_model_of(path), if that is there and was distilled from a model of that weights_hash(); else nothing.
std::filesystem::path find_live_model(const std::filesystem::path& path, const std::string& weights_hash);

// Writes the model file `from` again as `to`, which may be the same, with these values of facts.sampling and those of others that
// it had, and with these thumbnails, if there are any; the weights keep their bytes. Throws as load_model and save_model.
void save_with_sampling(const std::filesystem::path& from, const std::filesystem::path& to, const ParamMap& sampling,
                        const std::vector<Image>& thumbnails);

// [K] class weights in the model's order. Throws Failure(kNotFound), naming the nearest class.
struct NamedWeight {
  std::string name;
  double weight;
};
std::vector<float> class_weights(const Model& model, const std::vector<NamedWeight>& condition);

}  // namespace kiln
