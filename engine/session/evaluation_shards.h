#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "engine/api/evaluation.h"
#include "engine/quality/model_evaluation.h"
#include "engine/quality/sprite_sampler.h"

namespace kiln {

// The sprites of an evaluation that one of several programs has made.
struct EvaluationShard {
  std::string file;        // which it was read from
  std::string model_hash;  // Model::hash
  int shards = 1, shard = 0;
  std::string sampler;
  ParamMap sampler_params;
  ParamMap values;  // of evaluation_specs(), whole, but for what does not change what is made: device, precision, threads

  // Of all sprites of a draw, those of sampling_runs() that are the shard's.
  struct Draw {
    std::uint64_t seed = 0;
    std::string classes;  // SHA-256 of the names of all, hex
    std::vector<Image> images;
  };
  std::vector<Draw> draws;
};

// values: of evaluation_specs(), whole.
EvaluationShard make_shard(const std::string& model_hash, const EvaluateRequest& request, const ParamMap& values,
                           std::vector<DrawSprites> draws);

// Written whole or not at all, as safetensors: U8 [N, H, W, 4], and the rest as JSON in its metadata. Throws Failure: destination.
void write_shard(const std::filesystem::path& path, const EvaluationShard& shard);
// Throws Failure: as read_safetensors; kCorrupt, kUnsupported for what is no such file.
EvaluationShard read_shard(const std::filesystem::path& path);

// Of one evaluation, by number. Throws Failure(kInvalidArgument) if one is missing or there twice, and for one that was made with
// another model or other settings than the first.
std::vector<EvaluationShard> whole_set(std::vector<EvaluationShard> shards);

// The values of shards that were read, with what `request` says of device, precision and threads. Throws Failure(kInvalidArgument)
// where it asks for others than they were made with.
ParamMap values_of_shards(const EvaluationShard& shard, const EvaluateRequest& request);

// Gives the sprites of all shards as if they were made now.
class MergedSprites : public SpriteSampler {
 public:
  // shards: whole_set().
  explicit MergedSprites(std::vector<EvaluationShard> shards) : shards_(std::move(shards)) {}

  // Throws Failure(kInvalidArgument) where they were made for other data.
  void begin(const std::vector<std::string>& classes, std::uint64_t seed) override;
  void step() override {}
  std::size_t steps() const override { return 0; }
  std::vector<Image> take() override { return std::move(images_); }

 private:
  std::vector<EvaluationShard> shards_;
  std::size_t draw_ = 0;  // the next one
  std::vector<Image> images_;
};

}  // namespace kiln
