#include "engine/animation/redraw.h"

#include <algorithm>

#include "engine/formats/palette_choice.h"
#include "engine/pixelart/recolour.h"

namespace kiln {
namespace {

constexpr double kStrength = 0.2, kLeastStrength = 0.01;
constexpr std::size_t kMostListed = 256;  // colours that a request names

// Between the noise of two seeds, at position 0 … 1 of the whole path.
void put_on_path(ParamMap& values, double position, bool ping_pong) {
  constexpr unsigned kCorners = 3;
  const std::uint64_t seed = get_seed(values, "seed");
  const double along = ping_pong ? position : position * kCorners;
  const auto leg = ping_pong ? 0u : static_cast<unsigned>(along);
  values["variation_of"] = whole_number(seed + leg);
  values["seed"] = whole_number(seed + (leg + 1) % kCorners);
  values["variation"] = along - leg;
  if (along - leg > 0) return;
  values["seed"] = whole_number(seed + leg);
  values["variation"] = 0.0;
}

}  // namespace

const std::vector<ParamSpec>& redraw_specs() {
  static const std::vector<ParamSpec> specs = [] {
    std::vector<ParamSpec> made = {find_spec(init_image_specs(), "strength", "init image")};
    made.front().fallback = kStrength;
    made.front().min = kLeastStrength;
    made.front().help = "How much noise the model is given to draw each frame anew: little stays near to it";
    for (const char* id : {"seed", "steps", "guidance", "device", "precision", "threads"})
      made.push_back(find_spec(sampling_specs(), id, "sampling"));
    made[1].help = "The same seed and settings give the same frames";
    made[1].largest_seed -= 2;  // those of the path
    return made;
  }();
  return specs;
}

SampleRequest redraw_request(const Redraw& redraw, int index, int count, const ImageFile& image, const ImageFile& mask,
                             const Image& sprite) {
  SampleRequest request;
  request.model_path = redraw.model_path;
  request.conditions = {redraw.condition};
  request.settings.init_image = image;
  request.settings.mask = mask;
  ParamMap& values = request.settings.shared_params;
  values = validated(redraw_specs(), redraw.values, "redrawing");
  request.settings.init_params["strength"] = values.at("strength");
  values.erase("strength");
  values["count"] = std::int64_t{1};
  values["preview_every"] = std::int64_t{0};
  const Palette palette{"", visible_colours({sprite})};
  if (palette.colours.size() <= kMostListed) values["palette"] = colours_text(palette);
  const double position = static_cast<double>(index) / (redraw.ping_pong ? std::max(1, count - 1) : count);
  if (redraw.along_seeds) put_on_path(values, position, redraw.ping_pong);
  return request;
}

std::vector<std::size_t> first_alike(const std::vector<Image>& frames) {
  std::vector<std::size_t> first;
  first.reserve(frames.size());
  for (const Image& frame : frames)
    first.push_back(static_cast<std::size_t>(std::find(frames.begin(), frames.end(), frame) - frames.begin()));
  return first;
}

}  // namespace kiln
