#include "engine/formats/split_names.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "engine/base/lower_case.h"

namespace kiln {
namespace {

constexpr std::array<std::string_view, 2> kTraining = {"train", "training"};
constexpr std::array<std::string_view, 8> kMeasuring = {"val",     "valid", "validation", "test",
                                                        "testing", "eval",  "evaluation", "holdout"};
constexpr std::array<std::string_view, 1> kWeakMeasuring = {"dev"};
constexpr std::array<std::string_view, 4> kWeak = {"fold", "split", "unlabeled", "unlabelled"};
constexpr std::array<std::string_view, 7> kEndings = {"", "set", "data", "dataset", "split", "images", "sprites"};

// Whether it is one of `words`, alone or as in "xtrain" and "trainset".
template <std::size_t N>
bool is_made_of(std::string_view letters, const std::array<std::string_view, N>& words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
    const std::string_view rest = letters.starts_with('x') ? letters.substr(1) : letters;
    return rest.starts_with(word) && std::find(kEndings.begin(), kEndings.end(), rest.substr(word.size())) != kEndings.end();
  });
}

// "train" of "Train_2017"; "" where there is another language's word.
std::string letters_of(const std::string& name) {
  std::string letters;
  for (const char c : lower_case(name)) {
    if (c >= 'a' && c <= 'z') letters += c;
    if (static_cast<unsigned char>(c) >= 128) return {};
  }
  return letters;
}

}  // namespace

SplitName split_name(const std::string& name) {
  const std::string letters = letters_of(name);
  if (is_made_of(letters, kTraining) || is_made_of(letters, kMeasuring)) return SplitName::kSplit;
  return is_made_of(letters, kWeakMeasuring) || is_made_of(letters, kWeak) ? SplitName::kWeak : SplitName::kNone;
}

bool is_for_measuring(const std::string& name) {
  const std::string letters = letters_of(name);
  return is_made_of(letters, kMeasuring) || is_made_of(letters, kWeakMeasuring);
}

}  // namespace kiln
