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

struct AnimatedClass {
  std::string_view name;
  int frames;
  void (*draw)(starter::Canvas&, starter::Random&, int frame);
};
constexpr std::array<AnimatedClass, 3> kAnimated = {{{"bouncing_slime", starter::kBounceFrames, starter::draw_bouncing_slime},
                                                     {"flame", starter::kFlickerFrames, starter::draw_flame},
                                                     {"walker", starter::kWalkFrames, starter::draw_walker}}};

template <class Classes>
std::vector<std::string> names_of(const Classes& classes) {
  std::vector<std::string> names;
  for (const auto& entry : classes) names.emplace_back(entry.name);
  return names;
}

template <class Draw>
Image drawn(int size, std::uint64_t seed, const Draw& draw) {
  starter::Random random(seed);
  starter::Canvas canvas(size, random.next());
  draw(canvas, random);
  return canvas.finished();
}

}  // namespace

std::vector<std::string> starter_classes() { return names_of(kClasses); }

std::vector<std::string> animated_starter_classes() { return names_of(kAnimated); }

std::vector<Image> draw_starter_frames(std::string_view class_name, int size, std::uint64_t seed) {
  if (size != 16 && size != 32) {
    throw Failure(ErrorCode::kInvalidArgument, "sprites of " + std::to_string(size) + " pixels cannot be drawn", "choose 16 or 32");
  }
  for (const StarterClass& entry : kClasses) {
    if (entry.name == class_name) return {drawn(size, seed, entry.draw)};
  }
  for (const AnimatedClass& entry : kAnimated) {
    if (entry.name != class_name) continue;
    std::vector<Image> frames;
    for (int frame = 0; frame < entry.frames; ++frame)
      frames.push_back(drawn(size, seed, [&](auto& canvas, auto& random) { entry.draw(canvas, random, frame); }));
    return frames;
  }
  std::vector<std::string> all = starter_classes();
  for (std::string& name : animated_starter_classes()) all.push_back(std::move(name));
  throw Failure(ErrorCode::kInvalidArgument, "there is no drawn class “" + std::string(class_name.substr(0, 80)) + "”",
                name_hint(class_name, all));
}

Image draw_starter_sprite(std::string_view class_name, int size, std::uint64_t seed) {
  return std::move(draw_starter_frames(class_name, size, seed).front());
}

StarterSeries::StarterSeries(std::string class_name, int size, std::uint64_t seed)
    : class_name_(std::move(class_name)), size_(size), seeds_(seed) {
  draw_starter_sprite(class_name_, size_, seed);  // throws for a class or size that is not there
}

Image StarterSeries::next() { return std::move(next_frames().front()); }

std::vector<Image> StarterSeries::next_frames() {
  for (;;) {
    std::vector<Image> frames = draw_starter_frames(class_name_, size_, seeds_.next());
    const Image& first = frames.front();
    if (seen_.emplace(first.rgba.begin(), first.rgba.end()).second) return frames;
  }
}

}  // namespace kiln
