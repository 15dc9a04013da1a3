#include "app/state/animate_settings.h"

#include <algorithm>

#include "app/state/generate_settings.h"
#include "engine/api/data_file.h"

namespace kiln {

void bring_into_range(AnimateSettings& settings) {
  const auto motion_of = [](const std::string& id) {
    return std::find_if(motions().begin(), motions().end(), [&](const Motion& motion) { return motion.id == id; });
  };
  if (settings.motion != kSeedPath && motion_of(settings.motion) == motions().end()) settings.motion = motions().front().id;
  std::erase_if(settings.values, [&](const auto& of) { return motion_of(of.first) == motions().end(); });
  for (auto& [id, values] : settings.values) values = fitting(motion_of(id)->params, values);
  settings.playing = fitting(animation_specs(), settings.playing);
  settings.redraw = fitting(redraw_specs(), settings.redraw);
  AnimationFile& file = settings.file;
  const auto& kinds = atlas_kinds();
  if (std::none_of(kinds.begin(), kinds.end(), [&](const AtlasKind& kind) { return kind.id == file.atlas; }))
    file.atlas = AnimationFile{}.atlas;
  file.columns = std::max(0, file.columns);
  file.padding = std::clamp(file.padding, 0, kMostScale);
  file.scale = std::clamp(file.scale, 1, kMostScale);
}

}  // namespace kiln
