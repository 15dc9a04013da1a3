#include "engine/formats/split_names.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "engine/base/lower_case.h"

namespace kiln {
namespace {

constexpr std::array<std::string_view, 10> kSplits = {"train", "training", "val",  "valid",      "validation",
                                                      "test",  "testing",  "eval", "evaluation", "holdout"};
constexpr std::array<std::string_view, 5> kWeak = {"dev", "fold", "split", "unlabeled", "unlabelled"};
constexpr std::array<std::string_view, 7> kEndings = {"", "set", "data", "dataset", "split", "images", "sprites"};

// Whether it is one of `words`, alone or as in "xtrain" and "trainset".
template <std::size_t N>
bool is_made_of(std::string_view letters, const std::array<std::string_view, N>& words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
    const std::string_view rest = letters.starts_with('x') ? letters.substr(1) : letters;
    return rest.starts_with(word) && std::find(kEndings.begin(), kEndings.end(), rest.substr(word.size())) != kEndings.end();
  });
}

}  // namespace

SplitName split_name(const std::string& name) {
  std::string letters;  // "Train_2017" is "train"
  for (const char c : lower_case(name)) {
    if (c >= 'a' && c <= 'z') letters += c;
    if (static_cast<unsigned char>(c) >= 128) return SplitName::kNone;  // another language's word
  }
  if (is_made_of(letters, kSplits)) return SplitName::kSplit;
  return is_made_of(letters, kWeak) ? SplitName::kWeak : SplitName::kNone;
}

}  // namespace kiln
