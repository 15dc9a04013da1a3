#include "engine/session/frame_classes.h"

#include <algorithm>
#include <set>

namespace kiln {

std::string frame_class(const std::string& class_name, int frame) {
  return frame == 0 ? class_name : class_name + " #" + std::to_string(frame);
}

std::vector<std::pair<std::string, std::pair<std::string, int>>> frame_classes(const Model& model) {
  std::vector<std::pair<std::string, std::pair<std::string, int>>> all;
  for (std::size_t c = 0; c < model.classes.size(); ++c) {
    const std::string& name = model.classes[c];
    for (int frame = 0; frame <= (model.frames.empty() ? 0 : model.frames[c]); ++frame)
      all.push_back({frame_class(name, frame), {name, frame}});
  }
  return all;
}

SpriteSet with_frames_as_classes(SpriteSet set, const Model& model) {
  if (model.frames.empty()) return set;
  const auto known = frame_classes(model);
  std::vector<std::string> names;
  names.reserve(set.sprites.size());
  for (const LabelledSprite& sprite : set.sprites) {
    const std::string& plain = set.classes[static_cast<std::size_t>(sprite.class_index)];
    const std::string name = frame_class(plain, sprite.frame + 1);
    const bool is_known = std::any_of(known.begin(), known.end(), [&](const auto& entry) { return entry.first == name; });
    names.push_back(is_known ? name : plain);
  }
  const std::set<std::string> classes(names.begin(), names.end());
  set.classes.assign(classes.begin(), classes.end());
  for (std::size_t i = 0; i < names.size(); ++i)
    set.sprites[i].class_index =
        static_cast<int>(std::lower_bound(set.classes.begin(), set.classes.end(), names[i]) - set.classes.begin());
  return set;
}

}  // namespace kiln
