#include "engine/data/report.h"

#include <algorithm>
#include <map>
#include <set>

#include "engine/data/copies.h"
#include "engine/data/remedies.h"
#include "engine/pixelart/alpha.h"
#include "engine/pixelart/colours.h"

namespace kiln {
namespace {

constexpr std::size_t kSpritesAStep = 64;
constexpr int kLargestPalette = 256;

}  // namespace

ReportWork::ReportWork(const SpriteCollection& collection, std::string path) : collection_(collection), palette_(std::size_t{1} << 24, false) {
  report_.path = std::move(path);
  work_.add_pass([this] { return collection_.sprites.size(); }, kSpritesAStep, [this](std::size_t i) { look_at(collection_.sprites[i]); });
  work_.add_task([this] { count_sizes(); });
  work_.add_task([this] {
    for (const auto& group : equal_sprites(collection_.sprites)) {
      report_.equal.emplace_back();
      for (const auto i : group) report_.equal.back().push_back(collection_.sprites[i].file);
    }
  });
  work_.add_task([this] { find_copies(); });
}

void ReportWork::look_at(const DatasetSprite& sprite) {
  const auto colours = distinct_colours(sprite.image);
  colours_.push_back(static_cast<int>(colours.size()));
  for (const auto& c : colours) {
    auto used = palette_[static_cast<std::size_t>(c.r) << 16 | static_cast<std::size_t>(c.g) << 8 | c.b];
    report_.colours += !used;
    used = true;
  }
  switch (alpha_kind(sprite.image)) {
    case AlphaKind::kNone: ++report_.alpha_none; break;
    case AlphaKind::kHard: ++report_.alpha_hard; break;
    case AlphaKind::kSoft: ++report_.alpha_soft; break;
  }
  if (const auto colour = suspected_background(sprite.image)) report_.backgrounds.push_back({sprite.file, *colour});
}

void ReportWork::count_sizes() {
  by_size_ = sprites_by_size(collection_.sprites);
  for (const auto& members : by_size_) {
    const auto& one = collection_.sprites[members.front()];
    report_.sizes.push_back({one.image.width, one.image.height, static_cast<int>(members.size()), grid_of_sprites(collection_.sprites, members), one.file});
  }
}

// Among the near ones, equal sprites are named once.
void ReportWork::find_copies() {
  std::set<std::string> repeated;
  for (const auto& group : report_.equal) repeated.insert(group.begin() + 1, group.end());
  for (const auto& members : by_size_) {
    std::vector<std::size_t> different;
    for (const auto i : members) {
      if (!repeated.contains(collection_.sprites[i].file)) different.push_back(i);
    }
    for (const auto& group : near_sprites(collection_.sprites, different)) {
      report_.near.emplace_back();
      for (const auto i : group) report_.near.back().push_back(collection_.sprites[i].file);
    }
  }
}

DatasetReport ReportWork::take() {
  report_.sprites = static_cast<int>(collection_.sprites.size());
  std::map<std::string, int> counts;
  for (const auto& sprite : collection_.sprites) ++counts[sprite.class_name];
  for (const auto& [name, count] : counts) report_.classes.push_back({name, count});
  if (!colours_.empty()) {
    std::sort(colours_.begin(), colours_.end());
    report_.fewest_colours = colours_.front();
    report_.median_colours = colours_[colours_.size() / 2];
    report_.most_colours = colours_.back();
  }
  if (report_.colours > 0 && report_.colours <= kLargestPalette) {
    report_.palette.emplace();
    for (std::size_t c = 0; c < palette_.size(); ++c) {
      if (palette_[c]) report_.palette->colours.push_back({static_cast<std::uint8_t>(c >> 16), static_cast<std::uint8_t>(c >> 8 & 255), static_cast<std::uint8_t>(c & 255)});
    }
  }
  report_.left_out = collection_.left_out;
  report_.passed_over = collection_.passed_over;
  report_.notes = collection_.notes;
  report_.findings = findings_of(report_, collection_.sprites);
  return std::move(report_);
}

}  // namespace kiln
