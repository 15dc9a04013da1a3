#include "engine/session/frame_classes.h"

#include <doctest/doctest.h>

using namespace kiln;

namespace {

Model animated_model() {
  Model model;
  model.classes = {"chest", "walker"};
  model.frames = {0, 3};
  return model;
}

// Of class and frame, from 0; below 0: none. Each has a pixel of its own.
SpriteSet set_of(const std::vector<std::pair<int, int>>& sprites) {
  SpriteSet set;
  set.classes = {"chest", "walker"};
  set.width = set.height = 1;
  for (const auto& [class_index, frame] : sprites) {
    Image image(1, 1);
    image.pixel(0, 0)[0] = static_cast<std::uint8_t>(set.sprites.size());
    set.sprites.push_back({"file", class_index, image, frame});
  }
  return set;
}

std::vector<std::string> names_of(const SpriteSet& set) {
  std::vector<std::string> names;
  for (const LabelledSprite& sprite : set.sprites) names.push_back(set.classes.at(static_cast<std::size_t>(sprite.class_index)));
  return names;
}

}  // namespace

TEST_CASE("each frame that a model knows is a class beside the plain ones, and says of what it is") {
  std::vector<std::string> names;
  for (const auto& [name, what] : frame_classes(animated_model())) {
    names.push_back(name);
    CHECK(name == frame_class(what.first, what.second));
  }
  CHECK((names == std::vector<std::string>{"chest", "walker", "walker #1", "walker #2", "walker #3"}));
  Model still = animated_model();
  still.frames.clear();
  CHECK(frame_classes(still).size() == 2);
}

TEST_CASE("a set's frames are classes where the model knows them; others keep their class, and all their pixels") {
  const SpriteSet set = set_of({{1, 2}, {0, -1}, {1, 0}, {1, -1}, {1, 3}, {0, 0}, {1, 2}});
  const SpriteSet framed = with_frames_as_classes(set, animated_model());
  CHECK(
      (names_of(framed) == std::vector<std::string>{"walker #3", "chest", "walker #1", "walker", "walker", "chest", "walker #3"}));
  CHECK((framed.classes == std::vector<std::string>{"chest", "walker", "walker #1", "walker #3"}));
  for (std::size_t i = 0; i < set.sprites.size(); ++i) CHECK(framed.sprites[i].image == set.sprites[i].image);
  Model still = animated_model();
  still.frames.clear();
  CHECK(names_of(with_frames_as_classes(set, still)) == names_of(set));
}
