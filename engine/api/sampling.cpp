#include "engine/api/sampling.h"

#include <algorithm>
#include <numeric>

#include "engine/base/animation_limits.h"

namespace kiln {

const std::vector<ParamSpec>& sampling_specs() {
  static const std::vector<ParamSpec> specs = {
      {.id = "count",
       .label = "Sprites",
       .fallback = 16,
       .min = 1,
       .max = 4096,
       .help = "How many sprites are made at once",
       .basic = true,
       .shown_max = kMostSprites},
      {.id = "guidance",
       .label = "Guidance",
       .fallback = 2.0,
       .max = 15,
       .help = "How strongly the class is followed: 1 as the model learned it, more for clearer but less varied sprites. "
               "Classifier-free guidance: Ho & Salimans 2022",
       .basic = true},
      {.id = "steps",
       .label = "Steps",
       .fallback = 25,
       .min = 1,
       .max = 10000,
       .help = "More steps take longer and come out cleaner, up to a point",
       .basic = true,
       .shown_max = 1000},
      {.id = "seed",
       .label = "Seed",
       .fallback = 0,
       .largest_seed = kLargestSeed,
       .help = "The same seed and settings give the same sprites; sprite i has the seed + i, unless seeds are shared",
       .basic = true},
      {.id = "preview_every",
       .label = "Preview every",
       .unit = "steps",
       .fallback = 1,
       .max = 10000,
       .help = "Steps between two pictures while sprites are made; 0 shows the end only",
       .basic = true,
       .zero_text = "only the end",
       .shown_max = 25},
      {.id = "guidance_from",
       .label = "Guidance from",
       .fallback = 0.0,
       .max = 1,
       .help = "The part of the run where guidance begins: 0 is the first step. Kynkäänniemi et al. 2024"},
      {.id = "guidance_to",
       .label = "Guidance to",
       .fallback = 1.0,
       .max = 1,
       .help = "The part of the run where guidance ends: 1 is the last step. Kynkäänniemi et al. 2024"},
      {.id = "rescale",
       .label = "Guidance rescale",
       .fallback = 0.0,
       .max = 1,
       .help = "Takes back the standard deviation that strong guidance adds: 0 nothing, 1 all of it. Lin et al. 2024"},
      {.id = "spacing",
       .label = "Step spacing",
       .fallback = "trailing",
       .choices = {"leading", "linspace", "trailing"},
       .help = "Which of the trained noise levels the steps visit; trailing starts at the noisiest. Lin et al. 2024"},
      {.id = "clamp",
       .label = "Clamp colours",
       .fallback = true,
       .help = "Keeps every step's predicted sprite within the range of colours"},
      {.id = "palette",
       .label = "Colours",
       .fallback = std::string(kModelPalette),
       .form = "model | off | auto:16 | FILE",
       .help =
           "Colours of the finished sprites: the model's own palette, if it has one; off: any; as many fitted to all of them as "
           "auto:16 says; a palette file (.gpl .hex .pal .act .aseprite .png); or themselves, as #1a1c2c,#5d275d",
       .basic = true},
      {.id = "most_colours",
       .label = "Most colours",
       .fallback = 0,
       .max = 256,
       .help = "How many colours a finished sprite has at the most: the least used become those that are nearest to them; 0: any "
               "number",
       .zero_text = "any number",
       .shown_max = 32},
      {.id = "merge_colours",
       .label = "Merge colours",
       .fallback = 0.0,
       .max = 0.3,
       .help =
           "Colours of a finished sprite that are no farther apart than this become one, where black and white are 1 apart: a flat "
           "with a little noise on it becomes flat; 0: none",
       .zero_text = "none",
       .shown_max = 0.1},
      {.id = "remove_strays",
       .label = "Remove strays",
       .fallback = true,
       .help = "Takes stray pixels away: single ones that touch no other, where they are few, and colours of a single pixel that "
               "have a "
               "near one; and lets pixels between two of the palette's colours have a neighbour's"},
      {.id = "variation",
       .label = "Variation",
       .fallback = 0.0,
       .max = 1,
       .help =
           "How far sprites may be from that of the seed “variation of”: little stays near to it, 1 is as free as without; 0: off",
       .zero_text = "off"},
      {.id = "variation_of",
       .label = "Variation of",
       .fallback = 0,
       .largest_seed = kLargestSeed,
       .help = "The seed whose sprite is varied; with the same settings otherwise"},
      {.id = "frame",
       .label = "Frame",
       .fallback = 0,
       .max = kMostFrames,
       .help =
           "Of classes that are animated: which frame of the animation; 0: all of them one after the other, each animation from "
           "one seed",
       .zero_text = "all in turn"},
      {.id = "share_seed",
       .label = "Share the seed",
       .fallback = false,
       .help = "All chosen classes from one seed, then all from the next: what each class makes of the same noise"},
      {.id = "tile",
       .label = "Tile",
       .fallback = "off",
       .choices = {"off", "x", "y", "xy"},
       .help = "Sprites that can be laid side by side without a seam: along x, along y, or along both"},
      {.id = "symmetry",
       .label = "Symmetry",
       .fallback = "off",
       .choices = {"off", "left_right"},
       .help = "left_right: both halves of each sprite are mirror images of each other"},
      {.id = "outline",
       .label = "Outline",
       .fallback = "off",
       .choices = {"off", "dark", "selective", "none"},
       .help = "Of each sprite, at every step: dark, a darker shade of what is within (selective), or none; off: as the model "
               "draws it"},
      {.id = "device",
       .label = "Device",
       .fallback = "auto",
       .choices = {"auto", "cpu", "cuda"},
       .help = "What computes; auto takes a GPU where there is one"},
      {.id = "precision",
       .label = "Precision",
       .fallback = "auto",
       .choices = {"auto", "fp32", "bf16"},
       .help = "Floating-point type of the large operations; auto takes the faster one"},
      {.id = "threads",
       .label = "Threads",
       .fallback = 0,
       .max = 256,
       .help = "Compute threads on the CPU; 0: as many as help",
       .zero_text = "as many as help"},
  };
  return specs;
}

const std::vector<ParamSpec>& model_sampling_specs() {
  static const std::vector<ParamSpec> specs = [] {
    std::vector<ParamSpec> of_model = {
        {.id = "sampler", .label = "Sampler", .fallback = std::string(kDefaultSampler), .help = "The sampler"}};
    for (const char* id : {"guidance", "steps", "guidance_from", "guidance_to", "rescale", "spacing", "merge_colours"})
      of_model.push_back(find_spec(sampling_specs(), id, "sampling"));
    return of_model;
  }();
  return specs;
}

std::vector<ParamSpec> sampling_specs_of(const ParamMap& model_sampling) {
  return with_fallbacks(sampling_specs(), known_params(model_sampling_specs(), model_sampling));
}

SampleSettings with_defaults(SampleSettings settings, const ParamMap& model_sampling) {
  if (settings.sampler.empty())
    settings.sampler = get_text(defaults_of(with_fallbacks(model_sampling_specs(), model_sampling)), "sampler");
  settings.shared_params = validated(sampling_specs_of(model_sampling), settings.shared_params, "sampling");
  return settings;
}

const std::vector<ParamSpec>& init_image_specs() {
  static const std::vector<ParamSpec> specs = {
      {.id = "strength",
       .label = "Strength",
       .fallback = 0.75,
       .min = 0.001,
       .max = 1,
       .help = "How much noise is put on the init image: little stays near to it, 1 is noise alone. SDEdit: "
               "Meng et al. 2022",
       .basic = true},
      {.id = "resample",
       .label = "Resample",
       .fallback = 1,
       .min = 1,
       .max = static_cast<double>(kMostResample),
       .help = "How often each step with a mask is done, noised again between (RePaint: Lugmayr et al. 2022): more takes as many "
               "times longer, and what "
               "is made anew fits better to what is kept"},
  };
  return specs;
}

int frame_count(const Condition& condition, const std::vector<std::string>& classes, const std::vector<int>& frames) {
  int count = 0;
  for (std::size_t c = 0; c < frames.size(); ++c) {
    const auto is_it = [&](const ClassWeight& part) { return part.name == classes[c] && part.weight > 0; };
    if (std::any_of(condition.begin(), condition.end(), is_it)) count = std::max(count, frames[c]);
  }
  return count;
}

std::vector<SampledSprite> sampled_sprites(const SampleRequest& request, const std::vector<std::string>& classes,
                                           const std::vector<int>& frames) {
  std::vector<Condition> conditions = request.conditions;
  if (conditions.empty()) {
    for (const std::string& name : classes) conditions.push_back({{name, 1.0}});
  }
  if (conditions.empty()) conditions.push_back({});
  const ParamMap& values = request.settings.shared_params;
  const auto value = [&](const char* id, std::int64_t otherwise) {
    const auto found = values.find(id);
    return found == values.end() ? otherwise : std::get<std::int64_t>(found->second);
  };
  const auto wanted = static_cast<int>(value("frame", 0));
  const bool in_turn = wanted == 0 && request.frames.empty();
  std::vector<int> places;  // that a sprite of each condition takes
  for (const Condition& condition : conditions)
    places.push_back(in_turn ? std::max(1, frame_count(condition, classes, frames)) : 1);
  const std::int64_t round = std::accumulate(places.begin(), places.end(), std::int64_t{0});
  const auto count = static_cast<std::size_t>(value("count", 0));
  const auto shares = values.find("share_seed");
  const bool share_seed = shares != values.end() && std::get<bool>(shares->second);
  std::vector<SampledSprite> sprites;
  auto turn = request.first / round * static_cast<std::int64_t>(conditions.size());
  for (std::int64_t before = request.first % round; sprites.size() < count; ++turn) {
    const auto which = static_cast<std::size_t>(turn) % conditions.size();
    const auto seed = static_cast<std::uint64_t>(share_seed ? turn / static_cast<std::int64_t>(conditions.size()) : turn);
    const Condition& condition = conditions[which];
    const int most = frame_count(condition, classes, frames);
    for (int place = 0; place < places[which] && sprites.size() < count; ++place) {
      if (before > 0) {
        --before;
        continue;
      }
      int frame = in_turn ? place + 1 : wanted;
      if (!request.frames.empty()) frame = request.frames[static_cast<std::size_t>(turn) % request.frames.size()];
      if (most == 0) frame = 0;
      sprites.push_back({condition, frame, seed});
    }
  }
  return sprites;
}

std::vector<std::size_t> animation_starts(const std::vector<SampledSprite>& sprites) {
  std::vector<std::size_t> starts(sprites.size());
  for (std::size_t i = 0; i < sprites.size(); ++i) {
    const SampledSprite& one = sprites[i];
    const bool goes_on = i > 0 && one.frame > 1 && one.frame == sprites[i - 1].frame + 1 && one.seed == sprites[i - 1].seed &&
                         one.condition == sprites[i - 1].condition;
    starts[i] = goes_on ? starts[i - 1] : i;
  }
  return starts;
}

}  // namespace kiln
