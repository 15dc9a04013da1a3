#include "engine/session/evaluation_shards.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "engine/base/error.h"
#include "engine/base/file.h"
#include "engine/base/param_json.h"
#include "engine/base/sha256.h"
#include "engine/formats/safetensors.h"
#include "engine/session/evaluation_sampler.h"

namespace kiln {
namespace {

using nlohmann::json;

constexpr const char* kMetadata = "spritekiln.evaluation_shard";
constexpr const char* kSprites = "sprites";
constexpr int kVersion = 1, kMostShards = 1 << 20;

// They change how fast it is and, at most, the last bits.
bool is_of_the_machine(const std::string& id) { return id == "device" || id == "precision" || id == "threads"; }

std::string hash_of(const std::vector<std::string>& classes) {
  const std::string text = json(classes).dump(-1, ' ', false, json::error_handler_t::replace);
  return sha256_hex(std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
}

Failure no_shard(const std::filesystem::path& path) {
  return {ErrorCode::kUnsupported, "“" + path.filename().string() + "” holds no sprites of an evaluation",
          "give the files that `evaluate --shards K --shard I --out FILE` has written"};
}

Failure damaged(const std::filesystem::path& path, const std::string& why) {
  return {ErrorCode::kCorrupt, "“" + path.filename().string() + "” is damaged", "make this shard again", why};
}

std::vector<Image> images_of(const Bytes& bytes, int width, int height) {
  const std::size_t size = static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 4;
  std::vector<Image> images;
  for (std::size_t at = 0; at + size <= bytes.size(); at += size) {
    Image image(width, height);
    std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), size, image.rgba.begin());
    images.push_back(std::move(image));
  }
  return images;
}

void read_document(const json& document, std::vector<Image> images, EvaluationShard& shard) {
  document.at("model").get_to(shard.model_hash);
  document.at("shards").get_to(shard.shards);
  document.at("shard").get_to(shard.shard);
  document.at("sampler").get_to(shard.sampler);
  shard.sampler_params = document.at("sampler_params").get<ParamMap>();
  shard.values = document.at("values").get<ParamMap>();
  if (shard.shards < 1 || shard.shards > kMostShards || shard.shard < 0 || shard.shard >= shard.shards)
    throw Failure(ErrorCode::kCorrupt, "there is no such shard", "");
  std::size_t first = 0;
  for (const json& draw : document.at("draws")) {
    const auto count = draw.at("sprites").get<std::size_t>();
    if (count > images.size() - first) throw Failure(ErrorCode::kCorrupt, "it says of more sprites than there are", "");
    const auto begin = images.begin() + static_cast<std::ptrdiff_t>(first);
    shard.draws.push_back({draw.at("seed").get<std::uint64_t>(),
                           draw.at("classes").get<std::string>(),
                           {std::make_move_iterator(begin), std::make_move_iterator(begin + static_cast<std::ptrdiff_t>(count))}});
    first += count;
  }
  if (first != images.size()) throw Failure(ErrorCode::kCorrupt, "it says of fewer sprites than there are", "");
}

// "guidance is 2 in it, and 3 in “a.safetensors”"; "" if they go together.
std::string difference(const EvaluationShard& shard, const EvaluationShard& other) {
  const auto told = [&](const std::string& what, const std::string& own, const std::string& others) {
    return what + " is " + own + " in it, and " + others + " in “" + std::filesystem::path(other.file).filename().string() + "”";
  };
  if (shard.model_hash != other.model_hash) return "another model made it than “" + other.file + "”";
  if (shard.shards != other.shards) return told("the number of shards", std::to_string(shard.shards), std::to_string(other.shards));
  if (shard.sampler != other.sampler) return told("the sampler", shard.sampler, other.sampler);
  for (const auto& [id, value] : shard.values) {
    const auto found = other.values.find(id);
    if (found == other.values.end() || found->second != value)
      return told(id, to_string(value), found == other.values.end() ? "missing" : to_string(found->second));
  }
  return shard.sampler_params == other.sampler_params ? "" : "the sampler's own parameters are others than in “" + other.file + "”";
}

}  // namespace

EvaluationShard make_shard(const std::string& model_hash, const EvaluateRequest& request, const ParamMap& values,
                           std::vector<DrawSprites> draws) {
  EvaluationShard shard;
  shard.model_hash = model_hash;
  shard.shards = request.shards;
  shard.shard = request.shard;
  shard.sampler = request.settings.sampler;
  shard.sampler_params = request.settings.sampler_params;
  shard.values = values;
  std::erase_if(shard.values, [](const auto& entry) { return is_of_the_machine(entry.first); });
  for (DrawSprites& draw : draws) shard.draws.push_back({draw.seed, hash_of(draw.classes), std::move(draw.images)});
  return shard;
}

void write_shard(const std::filesystem::path& path, const EvaluationShard& shard) {
  json document = {{"version", kVersion},    {"model", shard.model_hash}, {"shards", shard.shards},
                   {"shard", shard.shard},   {"sampler", shard.sampler},  {"sampler_params", shard.sampler_params},
                   {"values", shard.values}, {"draws", json::array()}};
  Bytes bytes;
  std::int64_t sprites = 0, width = 1, height = 1;
  for (const auto& draw : shard.draws) {
    document["draws"].push_back({{"seed", draw.seed}, {"classes", draw.classes}, {"sprites", draw.images.size()}});
    for (const Image& image : draw.images) {
      width = image.width;
      height = image.height;
      bytes.insert(bytes.end(), image.rgba.begin(), image.rgba.end());
      ++sprites;
    }
  }
  write_file(path, encode_safetensors({{kMetadata, document.dump(-1, ' ', false, json::error_handler_t::replace)}},
                                      {{kSprites, {"U8", {sprites, height, width, 4}, bytes}}}));
}

EvaluationShard read_shard(const std::filesystem::path& path) {
  const Safetensors file = read_safetensors(path);
  const auto metadata = file.metadata.find(kMetadata);
  const auto stored = file.tensors.find(kSprites);
  if (metadata == file.metadata.end() || stored == file.tensors.end()) throw no_shard(path);
  const auto& shape = stored->second.shape;
  constexpr std::int64_t kLargest = 1 << 14;
  if (stored->second.dtype != "U8" || shape.size() != 4 || shape[3] != 4 || shape[1] < 1 || shape[2] < 1 || shape[1] > kLargest ||
      shape[2] > kLargest)
    throw damaged(path, "its sprites have no such shape");
  EvaluationShard shard;
  shard.file = path.string();
  try {
    const json document = json::parse(metadata->second);
    if (document.at("version").get<int>() > kVersion)
      throw Failure(ErrorCode::kUnsupported, "“" + path.filename().string() + "” was made by a newer Spritekiln",
                    "update this program");
    read_document(document, images_of(file.bytes_of(stored->second), static_cast<int>(shape[2]), static_cast<int>(shape[1])),
                  shard);
  } catch (const json::exception& error) {
    throw damaged(path, error.what());
  } catch (const Failure& failure) {
    if (failure.error().code != ErrorCode::kCorrupt) throw;
    throw damaged(path, failure.error().message);
  }
  return shard;
}

std::vector<EvaluationShard> whole_set(std::vector<EvaluationShard> shards) {
  const EvaluationShard& first = shards.front();
  std::vector<const EvaluationShard*> by_number(static_cast<std::size_t>(first.shards));
  for (const EvaluationShard& shard : shards) {
    const std::string name = "“" + std::filesystem::path(shard.file).filename().string() + "”";
    if (const std::string why = difference(shard, first); !why.empty())
      throw Failure(ErrorCode::kInvalidArgument, name + " belongs to another evaluation: " + why,
                    "make all shards with the same model and the same options");
    auto& place = by_number[static_cast<std::size_t>(shard.shard)];
    if (place != nullptr)
      throw Failure(ErrorCode::kInvalidArgument,
                    name + " is shard " + std::to_string(shard.shard) + ", as “" + place->file + "” is", "give each shard once");
    place = &shard;
  }
  const auto missing = std::find(by_number.begin(), by_number.end(), nullptr);
  if (missing != by_number.end())
    throw Failure(ErrorCode::kInvalidArgument,
                  "shard " + std::to_string(missing - by_number.begin()) + " of " + std::to_string(first.shards) + " is missing",
                  "make it with --shards " + std::to_string(first.shards) + " --shard " +
                      std::to_string(missing - by_number.begin()) + ", and give it, too");
  std::sort(shards.begin(), shards.end(), [](const EvaluationShard& a, const EvaluationShard& b) { return a.shard < b.shard; });
  return shards;
}

ParamMap values_of_shards(const EvaluationShard& shard, const EvaluateRequest& request) {
  const auto refuse = [&](const std::string& what, const std::string& asked, const std::string& has) {
    throw Failure(ErrorCode::kInvalidArgument, "the shards were made with " + what + " " + has + ", not " + asked,
                  "leave it out: what is merged keeps its settings");
  };
  if (!request.settings.sampler.empty() && request.settings.sampler != shard.sampler)
    refuse("the sampler", request.settings.sampler, shard.sampler);
  ParamMap values = known_params(evaluation_specs(), shard.values);
  for (const auto& [id, value] : validated(evaluation_specs(), request.settings.shared_params, "evaluation")) {
    if (is_of_the_machine(id)) {
      values[id] = value;
    } else if (request.settings.shared_params.contains(id) && values[id] != value) {
      refuse(id, to_string(value), to_string(values[id]));
    }
  }
  return validated(evaluation_specs(), values, "evaluation");
}

void MergedSprites::begin(const std::vector<std::string>& classes, std::uint64_t seed) {
  const std::string hash = hash_of(classes);
  const std::vector<SpriteRange> runs = sampling_runs(classes.size(), seed);
  images_.assign(classes.size(), {});
  for (EvaluationShard& shard : shards_) {
    const bool fits = draw_ < shard.draws.size() && shard.draws[draw_].seed == seed && shard.draws[draw_].classes == hash;
    std::vector<Image> none;
    std::vector<Image>& images = fits ? shard.draws[draw_].images : none;
    std::size_t expected = 0, used = 0;
    for (auto i = static_cast<std::size_t>(shard.shard); i < runs.size(); i += shards_.size()) expected += runs[i].count;
    if (!fits || images.size() != expected)
      throw Failure(ErrorCode::kInvalidArgument, "the sprites of “" + shard.file + "” were made for other data",
                    "give the data, and the preprocessing, that its shard was made with");
    for (auto i = static_cast<std::size_t>(shard.shard); i < runs.size(); i += shards_.size()) {
      for (std::size_t k = 0; k < runs[i].count; ++k) images_[runs[i].first + k] = std::move(images[used++]);
    }
  }
  ++draw_;
}

}  // namespace kiln
