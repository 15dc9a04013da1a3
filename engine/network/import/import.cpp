#include "engine/network/import/import.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fstream>
#include <set>

#include "engine/base/error.h"
#include "engine/base/text.h"
#include "engine/formats/weight_files.h"
#include "engine/network/import/families/families.h"
#include "engine/network/limits.h"

namespace kiln {

const std::vector<Family>& families() {
  static const std::vector<Family> all = {context_unet_family(), sprite_unet_family(), unet2d_family()};
  return all;
}

std::vector<ParamSpec> import_specs() {
  const auto or_auto = [](std::vector<std::string> names) {
    names.insert(names.begin(), "auto");
    return names;
  };
  return {
      {.id = "size",
       .label = "Sprite size",
       .unit = "pixels",
       .fallback = 0,
       .max = 256,
       .help = "Width and height of a sprite, where the weights do not tell; 0: the family's"},
      {.id = "schedule",
       .label = "Noise schedule",
       .fallback = "auto",
       .choices = or_auto(schedule_kind_names()),
       .help = "How the noise grows over the steps"},
      {.id = "timesteps",
       .label = "Noise steps",
       .fallback = 0,
       .max = 100000,
       .help = "Number of steps the model was trained with; 0: the family's"},
      {.id = "beta_start", .label = "First β", .fallback = 0.0, .max = 0.999, .help = "For linear schedules; 0: the family's"},
      {.id = "beta_end", .label = "Last β", .fallback = 0.0, .max = 0.999, .help = "For linear schedules; 0: the family's"},
      {.id = "prediction",
       .label = "Prediction",
       .fallback = "auto",
       .choices = or_auto(prediction_names()),
       .help = "What the network's output means"},
      {.id = "time",
       .label = "Time",
       .fallback = "auto",
       .choices = {"auto", "fraction", "steps"},
       .help = "Whether the network is given t/T or the step's number"},
      {.id = "noise",
       .label = "Noise law",
       .fallback = "auto",
       .choices = {"auto", "standard", "legacy"},
       .help = "How noise is scaled when training goes on: by √(1-ᾱ), or by 1-ᾱ as some projects have it"},
      {.id = "weights",
       .label = "Weights",
       .fallback = "auto",
       .form = "auto | none | PREFIX",
       .help =
           "Of several sets of weights in the file, the one whose names begin so (“none”: without a prefix); auto: averaged ones "
           "before others"},
  };
}

namespace {

constexpr const char* kUnknownNetwork = "no network of a kind that is known here";

struct OtherNetwork {
  const char* what;
  std::vector<const char*> parts;  // of names, any of which tells it
};

// The first that fits decides: a text-to-image checkpoint holds a text encoder, and an encoder has what a language model has.
const std::vector<OtherNetwork>& other_networks() {
  static const std::vector<OtherNetwork> all = {
      {"a LoRA: changes to another network, and none by itself", {"lora_", "lora.up", "lora.down", ".lora_A", "hada_w"}},
      {"a network that draws from texts, as Flux", {"double_blocks.", "single_transformer_blocks."}},
      {"a network that draws from texts, as Stable Diffusion 3", {"joint_blocks.", "context_embedder."}},
      {"a network that draws from texts, as Stable Diffusion",
       {"cond_stage_model.", "conditioner.embedders.", "first_stage_model.", "attn2.to_k", "transformer_blocks."}},
      {"an encoder of texts or pictures (CLIP)", {"text_model.encoder.", "vision_model.encoder.", "transformer.resblocks."}},
      {"a language model (T5)", {".SelfAttention.", ".DenseReluDense."}},
      {"a language model (BERT)", {"attention.self.query"}},
      {"a language model (GPT-2)", {"attn.c_attn."}},
      {"a language model (Mamba)", {".mixer.A_log", ".mixer.in_proj"}},
      {"a language model", {"lm_head", "embed_tokens", "self_attn.", "transformer.h.", "tok_embeddings"}},
      {"an autoencoder (VAE)", {"quant_conv.weight", "encoder.down_blocks."}},
      {"a checkpoint that a training run goes on from; best.safetensors beside it is a model", {"ema_buffers"}}};
  return all;
}

// What a checkpoint is that holds no network of a known family, from its names.
std::string other_network(const std::vector<std::string>& names) {
  const auto in_a_name = [&](const char* part) {
    return std::any_of(names.begin(), names.end(), [&](const auto& name) { return name.find(part) != std::string::npos; });
  };
  for (const auto& [what, parts] : other_networks()) {
    if (std::any_of(parts.begin(), parts.end(), in_a_name)) return what;
  }
  return kUnknownNetwork;
}

// Takes the first weights of a family, averaged ones before others, or those under the prefix that is `wanted`.
const Family& take_family(Checkpoint& checkpoint, const std::string& like, const std::string& wanted,
                          std::vector<std::string>& notes) {
  std::vector<std::string> known;
  for (const auto& family : families()) known.push_back(family.id);
  if (!like.empty() && std::find(known.begin(), known.end(), like) == known.end())
    throw Failure(ErrorCode::kInvalidArgument, "there is no family “" + like + "”", name_hint(like, known));
  std::vector<std::string> prefixes;  // "none" for names as they are
  const Family* taken = nullptr;
  std::string taken_prefix;
  for (const auto& prefix : checkpoint.prefixes()) {
    const std::string shown = prefix.empty() ? "none" : prefix.substr(0, prefix.size() - 1);
    checkpoint.take(prefix);
    for (const auto& family : families()) {
      if ((!like.empty() && family.id != like) || !family.matches(checkpoint)) continue;
      prefixes.push_back(shown);
      if (taken || (wanted != "auto" && wanted != shown)) continue;
      taken = &family;
      taken_prefix = prefix;
    }
  }
  checkpoint.take(taken_prefix);
  if (prefixes.empty() && is_weight_part(checkpoint.name())) {
    throw Failure(ErrorCode::kUnsupported, "“" + checkpoint.name() + "” is one part of the weights",
                  "choose the folder that all parts lie in");
  }
  if (prefixes.empty()) {
    throw Failure(ErrorCode::kUnsupported,
                  "“" + checkpoint.name() + "” is " +
                      (like.empty() ? other_network(checkpoint.names_in_file()) : "no network of the family " + like),
                  "these can be imported: " + joined(known, ", "));
  }
  if (!taken) {
    throw Failure(ErrorCode::kInvalidArgument, "“" + checkpoint.name() + "” has no network under “" + wanted + "”",
                  name_hint(wanted, prefixes));
  }
  const std::string shown = taken_prefix.empty() ? "none" : taken_prefix.substr(0, taken_prefix.size() - 1);
  std::erase(prefixes, shown);
  std::string note =
      taken_prefix.empty() ? "the weights without a prefix were taken" : "the weights under “" + shown + "” were taken";
  if (!prefixes.empty()) note += "; there are others under “" + joined(prefixes, "”, “") + "”, which --weights takes";
  if (!taken_prefix.empty() || !prefixes.empty()) notes.push_back(note);
  return *taken;
}

Failure other_variant(const Checkpoint& checkpoint, const std::string& name) {
  const std::string kind = other_network(checkpoint.names());
  return Failure(ErrorCode::kUnsupported, "“" + checkpoint.name() + "” has weights that this network does not: " + name,
                 kind == kUnknownNetwork ? "this variant of the network cannot be run here" : "it is " + kind);
}

// Names and sizes that no network of the family has, found before anything is made or read.
void check_names(const Checkpoint& checkpoint, const Family& family) {
  for (const auto& name : checkpoint.names()) {
    for (const auto& word : split(name, '.')) {
      const bool number = !word.empty() && word.find_first_not_of("0123456789") == std::string::npos;
      if (!number && std::find(family.words.begin(), family.words.end(), word) == family.words.end())
        throw other_variant(checkpoint, name);
    }
  }
}

void check_size(const Checkpoint& checkpoint, const Family& family, const FoundModel& found) {
  const double stored = checkpoint.elements();
  if (stored > kMostParameters) {
    throw Failure(ErrorCode::kUnsupported,
                  "“" + checkpoint.name() + "” holds " + std::to_string(static_cast<long long>(stored / 1e6)) +
                      " million numbers, too many for a network here",
                  "250 million is the most");
  }
  const NetworkKind& kind = find_network(family.id);
  if (kind.fewest_parameters(found.shape, validated(kind.params, found.params, kind.label)) > stored) {
    throw Failure(ErrorCode::kCorrupt, "“" + checkpoint.name() + "” holds fewer weights than its network has",
                  "copy or download the file again");
  }
}

void check_shape(const FoundModel& found) {
  const auto& shape = found.shape;
  if (shape.channels != 3 && shape.channels != 4) {
    throw Failure(ErrorCode::kUnsupported, "the model's pictures have " + std::to_string(shape.channels) + " channels",
                  "only RGB and RGBA models can be imported");
  }
  if (shape.width < 4 || shape.width > 256 || shape.height < 4 || shape.height > 256 || shape.classes > 10000) {
    throw Failure(ErrorCode::kUnsupported, "the model's sprites or classes are out of bounds",
                  "sprites up to 256×256 and 10,000 classes can be used");
  }
}

std::vector<std::string> class_names(const ImportOptions& options, int classes) {
  if (options.classes.empty()) {
    std::vector<std::string> names;
    for (int i = 0; i < classes; ++i) names.push_back("class" + std::to_string(i));
    return names;
  }
  if (static_cast<int>(options.classes.size()) != classes) {
    throw Failure(ErrorCode::kInvalidArgument,
                  "the model has " + std::to_string(classes) + " classes, and " + std::to_string(options.classes.size()) +
                      " names were given",
                  classes == 0 ? "leave out --classes" : "give one name for each, in the order of their numbers");
  }
  if (std::set<std::string>(options.classes.begin(), options.classes.end()).size() != options.classes.size()) {
    throw Failure(ErrorCode::kInvalidArgument, "two classes have the same name", "give each its own");
  }
  return options.classes;
}

// What the options say about noise, over the family's defaults; notes say which is which.
void settle_diffusion(FoundModel& found, const ParamMap& values, bool told_by_file) {
  auto& d = found.diffusion;
  const bool schedule_given = get_text(values, "schedule") != "auto", steps_given = get_int(values, "timesteps") > 0;
  auto& schedule = d.schedule;
  if (schedule_given) schedule.kind = parse_schedule_kind(get_text(values, "schedule"));
  if (get_real(values, "beta_start") > 0) schedule.beta_start = get_real(values, "beta_start");
  if (get_real(values, "beta_end") > 0) schedule.beta_end = get_real(values, "beta_end");
  if (get_text(values, "prediction") != "auto") d.prediction = parse_prediction(get_text(values, "prediction"));
  if (get_text(values, "noise") != "auto") d.legacy_noise = get_text(values, "noise") == "legacy";
  if (!told_by_file && !(schedule_given && steps_given)) {
    found.notes.push_back("the noise schedule was assumed: " + std::string(to_string(schedule.kind)) + " with " +
                          std::to_string(schedule.length) + " steps, predicting " + std::string(to_string(d.prediction)));
  }
}

void fill_missing(const std::string& key, at::Tensor& target) {
  auto generator = at::make_generator<at::CPUGeneratorImpl>(std::uint64_t{0});
  const std::int64_t inputs = target.numel() / target.size(0);
  const double bound = key.ends_with(".weight") ? 1.0 / std::sqrt(static_cast<double>(inputs)) : 0.0;
  target.copy_(at::empty(target.sizes()).uniform_(-bound, bound, generator));
}

std::string in_words(const std::vector<std::int64_t>& shape) {
  std::vector<std::string> parts;
  parts.reserve(shape.size());
  for (const auto size : shape) parts.push_back(std::to_string(size));
  return parts.empty() ? "one number" : joined(parts, "×");
}

void load_weights(Model& model, const Checkpoint& checkpoint, const FoundModel& found) {
  at::NoGradGuard no_grad;
  std::set<std::string> used;
  const auto load = [&](const std::string& key, at::Tensor& target) {
    const auto renamed =
        std::find_if(found.renamed.begin(), found.renamed.end(), [&](const auto& pair) { return pair.first == key; });
    const std::string name = renamed == found.renamed.end() ? key : renamed->second;
    if (!checkpoint.has(name) && std::find(found.missing.begin(), found.missing.end(), key) != found.missing.end())
      return fill_missing(key, target);
    if (checkpoint.shape(name) != target.sizes().vec()) {
      throw Failure(ErrorCode::kUnsupported,
                    "the weights “" + name + "” of “" + checkpoint.name() + "” are " + in_words(checkpoint.shape(name)) +
                        " and should be " + in_words(target.sizes().vec()),
                    "this variant of the network cannot be run here");
    }
    target.copy_(checkpoint.tensor(name));
    used.insert(name);
  };
  for (auto& entry : model.network->named_parameters()) load(entry.key(), entry.value());
  for (auto& entry : model.network->named_buffers()) load(entry.key(), entry.value());
  for (const auto& name : checkpoint.names()) {
    if (used.contains(name) || name.ends_with(".num_batches_tracked")) continue;
    throw other_variant(checkpoint, name);
  }
}

std::string unless_auto(const std::string& text) { return text == "auto" ? "" : text; }

}  // namespace

Model import_checkpoint(const std::filesystem::path& path, const ImportOptions& options) {
  const ParamMap values = validated(import_specs(), options.values, "import");
  Checkpoint checkpoint(path);
  std::vector<std::string> choice;
  const Family& family = take_family(checkpoint, options.like, get_text(values, "weights"), choice);
  check_names(checkpoint, family);
  FoundModel found =
      family.describe(checkpoint, {static_cast<int>(get_int(values, "size")), static_cast<int>(get_int(values, "timesteps")),
                                   unless_auto(get_text(values, "time"))});
  check_shape(found);
  check_size(checkpoint, family, found);
  checkpoint.check_numbers();
  settle_diffusion(found, values, !checkpoint.scheduler().empty());
  Model model = make_model(family.id, found.params, found.shape, class_names(options, found.shape.classes));
  load_weights(model, checkpoint, found);
  model.diffusion = found.diffusion;
  model.facts.notes = checkpoint.notes();
  model.facts.notes.insert(model.facts.notes.begin(), "imported from " + checkpoint.name() + ", a network of the family " +
                                                          family.id + " (" + family.projects + ")");
  model.facts.notes.insert(model.facts.notes.end(), choice.begin(), choice.end());
  model.facts.notes.insert(model.facts.notes.end(), found.notes.begin(), found.notes.end());
  if (options.classes.empty() && found.shape.classes > 0)
    model.facts.notes.emplace_back("the classes were numbered, since the file does not name them");
  model.hash = checkpoint.hash();
  model.network->eval();
  return model;
}

bool is_own_model(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::uint64_t size = 0;
  if (!file.read(reinterpret_cast<char*>(&size), sizeof size) || size > (std::uint64_t{8} << 20)) return false;
  std::error_code error;
  const auto whole = std::filesystem::file_size(path, error);
  if (error || size > whole) return false;
  std::string header(size, '\0');
  return file.read(header.data(), static_cast<std::streamsize>(size)) && header.find("\"spritekiln\"") != std::string::npos;
}

Model open_model(const std::filesystem::path& path) {
  const bool other = std::filesystem::is_directory(path) || (std::filesystem::is_regular_file(path) && !is_own_model(path));
  return other ? import_checkpoint(path, {}) : load_model(path);
}

}  // namespace kiln
