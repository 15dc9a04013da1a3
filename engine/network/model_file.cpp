// The model file: one safetensors file with the weights by their module names, and one JSON document in its metadata.

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <cstring>
#include <nlohmann/json.hpp>

#include "engine/api/model_info.h"
#include "engine/base/error.h"
#include "engine/base/file.h"
#include "engine/base/param_json.h"
#include "engine/base/sha256.h"
#include "engine/network/model.h"
#include "engine/network/palette_head_json.h"
#include "engine/network/tensor_io.h"

namespace kiln {
namespace {

using nlohmann::json;

constexpr const char* kMetadataKey = "spritekiln";
constexpr const char* kThumbnails = "spritekiln.thumbnails";  // U8 [K, H, W, 4]
constexpr int kVersion = 1;

json colours_to_json(const std::vector<Rgb8>& colours) {
  json out = json::array();
  for (const auto& c : colours) out.push_back({c.r, c.g, c.b});
  return out;
}

std::vector<Rgb8> colours_from_json(const json& document) {
  std::vector<Rgb8> colours;
  for (const auto& c : document)
    colours.push_back({c.at(0).get<std::uint8_t>(), c.at(1).get<std::uint8_t>(), c.at(2).get<std::uint8_t>()});
  return colours;
}

json palette_to_json(const Palette& palette) { return {{"name", palette.name}, {"colours", colours_to_json(palette.colours)}}; }

Palette palette_from_json(const json& document) {
  return {document.at("name").get<std::string>(), colours_from_json(document.at("colours"))};
}

json schedule_to_json(const DiffusionConfig& diffusion) {
  const ScheduleConfig& schedule = diffusion.schedule;
  return {{"kind", to_string(schedule.kind)},
          {"timesteps", schedule.length},
          {"beta_start", schedule.beta_start},
          {"beta_end", schedule.beta_end},
          {"zero_terminal_snr", schedule.zero_terminal_snr},
          {"legacy_noise", diffusion.legacy_noise}};
}

DiffusionConfig diffusion_from_json(const json& schedule, const json& prediction) {
  DiffusionConfig diffusion;
  diffusion.schedule = {.kind = parse_schedule_kind(schedule.at("kind").get<std::string>()),
                        .length = schedule.at("timesteps").get<int>(),
                        .beta_start = schedule.at("beta_start").get<double>(),
                        .beta_end = schedule.at("beta_end").get<double>(),
                        .zero_terminal_snr = schedule.at("zero_terminal_snr").get<bool>()};
  diffusion.prediction = parse_prediction(prediction.get<std::string>());
  diffusion.legacy_noise = schedule.value("legacy_noise", false);
  return diffusion;
}

json network_to_json(const Model& model) {
  json network = {{"kind", model.network_id}, {"parameters", model.network_params}};
  if (model.shape.output_channels() != model.shape.channels) network["outputs"] = model.shape.output_channels();
  if (model.shape.labels > 0) network["augmentation_labels"] = model.shape.labels;
  if (!model.palette_head.empty()) network["palette_head"] = palette_head_to_json(model.palette_head);
  return network;
}

json document_of(const Model& model) {
  json out = {
      {"version", kVersion},
      {"network", network_to_json(model)},
      {"image",
       {{"width", model.shape.width},
        {"height", model.shape.height},
        {"channels", model.shape.channels == 4 ? "RGBA" : "RGB"},
        {"range", {-1, 1}},
        {"alpha", model.facts.hard_alpha ? "hard" : "soft"}}},
      {"classes", model.classes},
      {"schedule", schedule_to_json(model.diffusion)},
      {"prediction", to_string(model.diffusion.prediction)},
      {"training",
       {{"steps", model.facts.steps}, {"data_fingerprint", model.facts.data_fingerprint}, {"recipe", model.facts.recipe_json}}},
      {"credits", model.facts.credits},
      {"licence", model.facts.licence},
      {"notes", model.facts.notes},
  };
  if (model.shape.frames > 0) out["frames"] = model.frames;
  if (model.is_distilled()) out["distilled"] = {{"steps", model.few_steps}, {"from", model.facts.distilled_from}};
  if (!model.facts.first_hash.empty()) out["first_hash"] = model.facts.first_hash;
  if (!model.facts.sampling.empty()) out["sampling"] = model.facts.sampling;
  if (!model.facts.palette.colours.empty()) out["palette"] = palette_to_json(model.facts.palette);
  return out;
}

Failure not_fitting(const std::string& name, const std::string& what) {
  return Failure(ErrorCode::kCorrupt, name + " does not hold the weights of its network",
                 "get the file again; it may come from another version", what);
}

// Everything but the network, which is made with random weights. `stored`: bytes of all weights in the file.
Model model_of(const json& document, std::size_t stored, const std::string& name) {
  const auto& image = document.at("image");
  const auto classes = document.at("classes").get<std::vector<std::string>>();
  const auto& network = document.at("network");
  const NetworkShape shape{.width = image.at("width").get<int>(),
                           .height = image.at("height").get<int>(),
                           .channels = image.at("channels") == "RGBA" ? 4 : 3,
                           .classes = static_cast<int>(classes.size()),
                           .outputs = network.value("outputs", 0),
                           .labels = network.value("augmentation_labels", 0),
                           .distilled = document.contains("distilled")};
  auto frames = document.value("frames", std::vector<int>());
  const NetworkKind& kind = find_network(network.at("kind").get<std::string>());
  const ParamMap params = validated(kind.params, network.at("parameters").get<ParamMap>(), kind.label);
  // Before memory is asked for: a weight takes a byte at the very least.
  if (kind.fewest_parameters(shape, params) > static_cast<double>(stored))
    throw not_fitting(name, "fewer weights than the network has");
  Model model = make_model(kind.id, params, shape, classes, std::move(frames));
  try {
    model.diffusion = diffusion_from_json(document.at("schedule"), document.at("prediction"));
  } catch (const Failure& failure) {
    throw Failure(ErrorCode::kUnsupported, name + " cannot be used: " + failure.error().message, "update this program");
  }
  if (network.contains("palette_head")) {
    model.palette_head = palette_head_from_json(network.at("palette_head"));
    const bool is_older = shape.channels == 4 && static_cast<int>(model.palette_head.size()) + 1 == shape.output_channels();
    if (is_older) model.palette_head.insert(model.palette_head.begin(), kTransparent);  // which was not written
  }
  if (!model.palette_head.empty() && static_cast<int>(model.palette_head.size()) != shape.output_channels())
    throw not_fitting(name, "the colours of its palette head are not its outputs");
  if (document.contains("distilled")) {
    model.few_steps = document.at("distilled").at("steps").get<int>();
    model.facts.distilled_from = document.at("distilled").value("from", "");
    if (model.few_steps < 1 || model.few_steps > model.diffusion.schedule.length)
      throw not_fitting(name, "more steps than it has noise levels");
  }
  const auto& training = document.at("training");
  model.facts.hard_alpha = image.value("alpha", "soft") == "hard";
  model.facts.first_hash = document.value("first_hash", "");
  model.facts.steps = training.at("steps").get<std::int64_t>();
  model.facts.data_fingerprint = training.at("data_fingerprint").get<std::string>();
  model.facts.recipe_json = training.at("recipe").get<std::string>();
  model.facts.credits = document.at("credits").get<std::string>();
  model.facts.licence = document.at("licence").get<std::string>();
  model.facts.notes = document.at("notes").get<std::vector<std::string>>();
  if (document.contains("sampling")) model.facts.sampling = document.at("sampling").get<ParamMap>();
  if (document.contains("palette")) model.facts.palette = palette_from_json(document.at("palette"));
  return model;
}

at::Tensor thumbnails_tensor(const std::vector<Image>& thumbnails) {
  const Image& first = thumbnails.front();
  at::Tensor tensor = at::empty({static_cast<std::int64_t>(thumbnails.size()), first.height, first.width, 4}, at::kByte);
  auto* out = tensor.data_ptr<std::uint8_t>();
  for (const Image& image : thumbnails) out = std::copy(image.rgba.begin(), image.rgba.end(), out);
  return tensor;
}

std::vector<Image> read_thumbnails(const Safetensors& file, const StoredTensor& stored, std::size_t classes) {
  const auto& shape = stored.shape;
  if (stored.dtype != "U8" || shape.size() != 4 || shape[0] != static_cast<std::int64_t>(classes) || shape[3] != 4) return {};
  std::vector<Image> images;
  const auto bytes = file.bytes_of(stored);
  for (std::size_t i = 0; i < classes; ++i) {
    Image image(static_cast<int>(shape[2]), static_cast<int>(shape[1]));
    std::memcpy(image.rgba.data(), bytes.data() + i * image.rgba.size(), image.rgba.size());
    images.push_back(std::move(image));
  }
  return images;
}

void load_weights(Model& model, const Safetensors& file, const std::string& name) {
  at::NoGradGuard no_grad;
  std::size_t used = file.tensors.contains(kThumbnails) ? 1 : 0;
  const auto load = [&](const std::string& key, at::Tensor& target) {
    const auto found = file.tensors.find(key);
    if (found == file.tensors.end()) throw not_fitting(name, "no tensor " + key);
    if (found->second.shape != target.sizes().vec()) throw not_fitting(name, "the shape of " + key);
    const at::Tensor source = to_tensor(file, found->second);
    if (at::isFloatingType(source.scalar_type()) && !at::isfinite(source).all().item<bool>())
      throw not_fitting(name, "infinite or undefined numbers in " + key);
    target.copy_(source);
    ++used;
  };
  for (auto& entry : model.network->named_parameters()) load(entry.key(), entry.value());
  for (auto& entry : model.network->named_buffers()) load(entry.key(), entry.value());
  if (used != file.tensors.size()) throw not_fitting(name, std::to_string(file.tensors.size() - used) + " tensors too many");
}

}  // namespace

std::string save_model(const Model& model, const std::filesystem::path& path, WeightType type) {
  TensorsToWrite tensors;
  const auto add = [&](const std::string& key, const at::Tensor& value) {
    tensors.add(key, at::isFloatingType(value.scalar_type()) && type == WeightType::kFloat16 ? value.detach().to(at::kHalf)
                                                                                             : value.detach());
  };
  for (const auto& entry : model.network->named_parameters()) add(entry.key(), entry.value());
  for (const auto& entry : model.network->named_buffers()) add(entry.key(), entry.value());
  if (!model.thumbnails.empty()) tensors.add(kThumbnails, thumbnails_tensor(model.thumbnails));
  std::string document;
  try {
    document = document_of(model).dump();
  } catch (const json::exception& error) {
    throw Failure(ErrorCode::kInvalidArgument, "a class, the credits or the licence of the model is not UTF-8 text",
                  "write them with plain letters", error.what());
  }
  const Bytes bytes = tensors.encode({{kMetadataKey, document}});
  write_file(path, bytes);
  return sha256_hex(bytes);
}

std::filesystem::path find_live_model(const std::filesystem::path& path, const std::string& weights_hash) {
  const std::filesystem::path live = live_model_of(path);
  std::error_code error;
  if (weights_hash.empty() || !std::filesystem::is_regular_file(live, error)) return {};
  try {
    const json document = json::parse(read_safetensors(live).metadata.at(kMetadataKey));
    return document.at("distilled").at("from") == weights_hash ? live : std::filesystem::path();
  } catch (const std::exception&) {  // whatever it is, it is not that model
    return {};
  }
}

void save_with_sampling(const std::filesystem::path& from, const std::filesystem::path& to, const ParamMap& sampling,
                        const std::vector<Image>& thumbnails) {
  load_model(from);  // whether it is one
  const Safetensors file = read_safetensors(from);
  json document = json::parse(file.metadata.at(kMetadataKey));
  ParamMap all = document.value("sampling", ParamMap());
  for (const auto& [id, value] : sampling) all[id] = value;
  document["sampling"] = all;
  if (!document.contains("first_hash")) document["first_hash"] = sha256_hex(*file.source);
  std::map<std::string, Bytes> bytes;
  std::map<std::string, TensorView> tensors;
  for (const auto& [name, stored] : file.tensors) {
    const Bytes& kept = bytes[name] = file.bytes_of(stored);
    tensors[name] = {stored.dtype, stored.shape, kept};
  }
  const at::Tensor drawn = thumbnails.empty() ? at::Tensor() : thumbnails_tensor(thumbnails);
  if (drawn.defined()) {
    Bytes& kept = bytes[kThumbnails];
    kept.assign(drawn.data_ptr<std::uint8_t>(), drawn.data_ptr<std::uint8_t>() + drawn.numel());
    tensors[kThumbnails] = {"U8", drawn.sizes().vec(), kept};
  }
  write_file(to, encode_safetensors({{kMetadataKey, document.dump()}}, tensors));
}

Model load_model(const std::filesystem::path& path) {
  const std::string name = path.filename().string();
  const Safetensors file = read_safetensors(path);
  const auto entry = file.metadata.find(kMetadataKey);
  if (entry == file.metadata.end()) {
    throw Failure(ErrorCode::kUnsupported, name + " is not a Spritekiln model", "models are made by `spritekiln train`");
  }
  const json document = json::parse(entry->second, nullptr, false);
  if (!document.is_object())
    throw Failure(ErrorCode::kCorrupt, name + " is damaged", "get the file again", "its metadata is no JSON object");
  try {
    if (document.at("version").get<int>() > kVersion) {
      throw Failure(ErrorCode::kUnsupported, name + " was made by a newer Spritekiln", "update this program");
    }
    Model model = model_of(document, file.data_size, name);
    load_weights(model, file, name);
    if (const auto found = file.tensors.find(kThumbnails); found != file.tensors.end())
      model.thumbnails = read_thumbnails(file, found->second, model.classes.size());
    model.network->eval();
    model.hash = sha256_hex(*file.source);
    return model;
  } catch (const json::exception& error) {
    throw Failure(ErrorCode::kCorrupt, name + " does not describe its model", "get the file again", error.what());
  }
}

}  // namespace kiln
