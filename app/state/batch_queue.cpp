#include "app/state/batch_queue.h"

#include <algorithm>
#include <utility>

namespace kiln {
namespace {

constexpr std::size_t kMostNamed = 3;

}  // namespace

std::string classes_of(const SampleRequest& request) {
  std::vector<std::string> names;
  for (const Condition& condition : request.conditions) {
    std::string name = describe(condition);
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
  }
  if (names.empty()) return "every class in turn";
  if (names.size() > kMostNamed) return std::to_string(names.size()) + " classes in turn";
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

void BatchQueue::add(GeneratedBatch batch, std::vector<PlacedRequest> requests) {
  if (!full()) waiting_.push_back({++last_id_, std::move(batch), std::move(requests)});
}

QueuedBatch BatchQueue::take() {
  QueuedBatch next = std::move(waiting_.front());
  waiting_.erase(waiting_.begin());
  return next;
}

std::vector<QueuedBatch>::iterator BatchQueue::find(std::uint64_t id) {
  return std::find_if(waiting_.begin(), waiting_.end(), [id](const QueuedBatch& each) { return each.id == id; });
}

void BatchQueue::move_up(std::uint64_t id) {
  const auto at = find(id);
  if (at != waiting_.end() && at != waiting_.begin()) std::iter_swap(at, at - 1);
}

void BatchQueue::move_down(std::uint64_t id) {
  const auto at = find(id);
  if (at != waiting_.end() && at + 1 != waiting_.end()) std::iter_swap(at, at + 1);
}

void BatchQueue::remove(std::uint64_t id) {
  if (const auto at = find(id); at != waiting_.end()) waiting_.erase(at);
}

}  // namespace kiln
