#include "engine/data/report.h"

#include <algorithm>
#include <map>
#include <set>

#include "engine/data/preprocessing.h"
#include "engine/pixelart/alpha.h"
#include "engine/pixelart/colours.h"

namespace kiln {
namespace {

constexpr int kLargestPalette = 256;

// "12 animations of 4 to 8 frames: a network can be told which frame a sprite is"; empty without any.
std::string animations_note(const std::vector<DatasetSprite>& sprites) {
  std::map<std::string, int> longest;  // by class
  int animations = 0;
  for (const DatasetSprite& sprite : sprites) {
    animations += sprite.frame == 0;
    if (sprite.frame >= 0) longest[sprite.class_name] = std::max(longest[sprite.class_name], sprite.frame + 1);
  }
  if (animations == 0) return "";
  const auto by_frames = [](const auto& a, const auto& b) { return a.second < b.second; };
  const auto [least, most] = std::minmax_element(longest.begin(), longest.end(), by_frames);
  const std::string frames = least->second == most->second ? std::to_string(most->second)
                                                           : std::to_string(least->second) + " to " + std::to_string(most->second);
  return std::to_string(animations) + (animations == 1 ? " animation of " : " animations of ") + frames +
         " frames: the network is told which frame a sprite is";
}

}  // namespace

ReportWork::ReportWork(const SpriteCollection& collection, std::string path)
    : collection_(collection), palette_(std::size_t{1} << 24, false) {
  report_.path = std::move(path);
  work_.add_pass([this] { return collection_.sprites.size(); }, kSpritesAStep,
                 [this](std::size_t i) { look_at(collection_.sprites[i]); });
  work_.add_task([this] { count_sizes(); });
  work_.add_pass([this] { return collection_.sprites.size(); }, kSpritesAStep,
                 [this](std::size_t i) {
                   if (collection_.sprites[i].frame < 0) equal_.add(collection_.sprites[i], i);  // frames are alike as they should
                 });
  work_.add_task([this] { begin_near_search(); });
  work_.add_pass([this] { return near_->count(); }, kSpritesAStep, [this](std::size_t i) { near_->look_at(i); });
  work_.add_pass([this] { return near_->count(); }, kComparedAStep, [this](std::size_t i) { near_->compare(i); });
  work_.add_task([this] { report_.near = named(near_->groups()); });
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
    case AlphaKind::kNone:
      ++report_.alpha_none;
      break;
    case AlphaKind::kHard:
      ++report_.alpha_hard;
      break;
    case AlphaKind::kSoft:
      ++report_.alpha_soft;
      break;
  }
  if (const auto colour = suspected_background(sprite.image)) report_.backgrounds.push_back({sprite.file, *colour});
}

void ReportWork::count_sizes() {
  by_size_ = sprites_by_size(collection_.sprites);
  for (const auto& members : by_size_) {
    const auto& one = collection_.sprites[members.front()];
    report_.sizes.push_back({one.image.width, one.image.height, static_cast<int>(members.size()),
                             grid_of_sprites(collection_.sprites, members), one.file});
  }
}

std::vector<std::vector<std::string>> ReportWork::named(const std::vector<std::vector<std::size_t>>& groups) const {
  std::vector<std::vector<std::string>> files;
  for (const auto& group : groups) {
    files.emplace_back();
    for (const auto i : group) files.back().push_back(collection_.sprites[i].file);
  }
  return files;
}

// Among the near ones, equal sprites are named once.
void ReportWork::begin_near_search() {
  std::set<std::size_t> repeated;
  const auto groups = equal_.groups();
  for (const auto& group : groups) repeated.insert(group.begin() + 1, group.end());
  report_.equal = named(groups);
  auto different = by_size_;
  for (auto& members : different)
    std::erase_if(members, [&](std::size_t i) { return repeated.contains(i) || collection_.sprites[i].frame >= 0; });
  near_.emplace(collection_.sprites, std::move(different));
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
      if (palette_[c])
        report_.palette->colours.push_back(
            {static_cast<std::uint8_t>(c >> 16), static_cast<std::uint8_t>(c >> 8 & 255), static_cast<std::uint8_t>(c & 255)});
    }
  }
  report_.left_out = collection_.left_out;
  report_.passed_over = collection_.passed_over;
  report_.notes = collection_.notes;
  if (const std::string note = animations_note(collection_.sprites); !note.empty()) report_.notes.push_back(note);
  report_.flip_classes = collection_.flip_classes;
  report_.findings = findings_of(report_, collection_);
  report_.offers = offers_of(report_);
  return std::move(report_);
}

}  // namespace kiln
