#include "app/state/animate_settings.h"

#include <algorithm>

#include "app/state/generate_settings.h"

namespace kiln {

void bring_into_range(AnimateSettings& settings) {
  const auto motion_of = [](const std::string& id) {
    return std::find_if(motions().begin(), motions().end(), [&](const Motion& motion) { return motion.id == id; });
  };
  if (settings.motion != kSeedPath && motion_of(settings.motion) == motions().end()) settings.motion = motions().front().id;
  std::erase_if(settings.values, [&](const auto& of) { return motion_of(of.first) == motions().end(); });
  for (auto& [id, values] : settings.values) values = fitting(motion_of(id)->params, values);
  settings.playing = fitting(animation_specs(), settings.playing);
  settings.morph = fitting(morph_specs(), settings.morph);
  settings.redraw = fitting(redraw_specs(), settings.redraw);
  settings.sheet = fitting(animation_sheet_specs(), settings.sheet);
}

}  // namespace kiln
