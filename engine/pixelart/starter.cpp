#include "engine/pixelart/starter.h"

#include <array>
#include <set>
#include <utility>

#include "engine/base/error.h"
#include "engine/base/text.h"
#include "engine/pixelart/starter/classes.h"

namespace kiln {
namespace {

struct StarterClass {
  std::string_view name;
  void (*draw)(starter::Canvas&, starter::Random&);
};
constexpr std::array<StarterClass, 12> kClasses = {{{"chest", starter::draw_chest},
                                                    {"coin", starter::draw_coin},
                                                    {"gem", starter::draw_gem},
                                                    {"ghost", starter::draw_ghost},
                                                    {"key", starter::draw_key},
                                                    {"mushroom", starter::draw_mushroom},
                                                    {"potion", starter::draw_potion},
                                                    {"shield", starter::draw_shield},
                                                    {"skull", starter::draw_skull},
                                                    {"slime", starter::draw_slime},
                                                    {"sword", starter::draw_sword},
                                                    {"tree", starter::draw_tree}}};

const StarterClass& find_class(std::string_view name) {
  for (const StarterClass& entry : kClasses) {
    if (entry.name == name) return entry;
  }
  throw Failure(ErrorCode::kInvalidArgument, "there is no drawn class “" + std::string(name.substr(0, 80)) + "”",
                name_hint(name, starter_classes()));
}

}  // namespace

std::vector<std::string> starter_classes() {
  std::vector<std::string> names;
  for (const StarterClass& entry : kClasses) names.emplace_back(entry.name);
  return names;
}

Image draw_starter_sprite(std::string_view class_name, int size, std::uint64_t seed) {
  const StarterClass& entry = find_class(class_name);
  if (size != 16 && size != 32) {
    throw Failure(ErrorCode::kInvalidArgument, "sprites of " + std::to_string(size) + " pixels cannot be drawn", "choose 16 or 32");
  }
  starter::Random random(seed);
  starter::Canvas canvas(size, random.next());
  entry.draw(canvas, random);
  return canvas.finished();
}

std::vector<Image> draw_starter_class(std::string_view class_name, int size, int count, std::uint64_t seed) {
  if (count < 1 || count > 100'000) {
    throw Failure(ErrorCode::kInvalidArgument, std::to_string(count) + " sprites of a class cannot be drawn",
                  "choose from 1 to 100000");
  }
  std::vector<Image> sprites;
  std::set<std::string> seen;
  starter::Random seeds(seed);
  while (sprites.size() < static_cast<std::size_t>(count)) {
    Image sprite = draw_starter_sprite(class_name, size, seeds.next());
    if (seen.emplace(sprite.rgba.begin(), sprite.rgba.end()).second) sprites.push_back(std::move(sprite));
  }
  return sprites;
}

}  // namespace kiln
