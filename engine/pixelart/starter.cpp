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
  names.reserve(std::size(kClasses));
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

StarterSeries::StarterSeries(std::string class_name, int size, std::uint64_t seed)
    : class_name_(std::move(class_name)), size_(size), seeds_(seed) {
  draw_starter_sprite(class_name_, size_, seed);  // throws for a class or size that is not there
}

Image StarterSeries::next() {
  for (;;) {
    Image sprite = draw_starter_sprite(class_name_, size_, seeds_.next());
    if (seen_.emplace(sprite.rgba.begin(), sprite.rgba.end()).second) return sprite;
  }
}

}  // namespace kiln
