#include "engine/training/process_hosts.h"

#include <ATen/ATen.h>

#include <cstdint>

namespace kiln {
namespace {

constexpr std::int64_t kLongestName = 64;  // of a host on Linux

}  // namespace

// Every process puts its letters where the others have zeros.
std::vector<std::string> hosts_of(ProcessGroup& group) {
  at::Tensor letters = at::zeros({group.size(), kLongestName}, at::kDouble);
  const std::string own = host_name();
  double* place = letters.data_ptr<double>() + group.rank() * kLongestName;
  for (std::int64_t i = 0; i < kLongestName && i < static_cast<std::int64_t>(own.size()); ++i)
    place[i] = static_cast<unsigned char>(own[static_cast<std::size_t>(i)]);
  group.sum(letters);
  std::vector<std::string> hosts;
  const double* letter = letters.data_ptr<double>();
  for (int rank = 0; rank < group.size(); ++rank, letter += kLongestName) {
    std::string host;
    for (std::int64_t i = 0; i < kLongestName && letter[i] > 0; ++i) host += static_cast<char>(static_cast<int>(letter[i]));
    hosts.push_back(std::move(host));
  }
  return hosts;
}

}  // namespace kiln
