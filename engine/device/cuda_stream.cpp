#include "engine/device/device_stream.h"

#if SPRITEKILN_CUDA

#include <ATen/ATen.h>
#include <ATen/cuda/CUDAEvent.h>
#include <ATen/cuda/CUDAGraph.h>
#include <c10/cuda/CUDAFunctions.h>
#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>
#include <cuda_runtime_api.h>

namespace kiln {
namespace {

constexpr int kTrials = 3;  // before a recording: libraries choose their kernels and take their memory

// What `later` is asked for from now on begins after what `earlier` was asked for.
void follow(const c10::cuda::CUDAStream& later, const c10::cuda::CUDAStream& earlier) {
  at::cuda::CUDAEvent event(cudaEventDisableTiming);
  event.record(earlier);
  event.block(later);
}

at::cuda::CUDAEvent sleeping_event() { return at::cuda::CUDAEvent(cudaEventDisableTiming | cudaEventBlockingSync); }

class Mark : public StreamEvent {
 public:
  explicit Mark(const c10::cuda::CUDAStream& stream) : event_(sleeping_event()) { event_.record(stream); }
  bool here() const override { return event_.query(); }
  void wait() const override { event_.synchronize(); }

 private:
  at::cuda::CUDAEvent event_;
};

class PinnedDownload : public Download {
 public:
  // snapshot: a copy on the device that nobody changes, made by `work`.
  PinnedDownload(const at::Tensor& snapshot, const c10::cuda::CUDAStream& work, const c10::cuda::CUDAStream& copies)
      : host_(at::empty(snapshot.sizes(), snapshot.options().device(at::kCPU).pinned_memory(true))), done_(sleeping_event()) {
    follow(copies, work);
    const c10::cuda::CUDAStreamGuard guard(copies);
    host_.copy_(snapshot, true);
    snapshot.record_stream(copies);
    done_.record(copies);
  }
  bool here() const override { return done_.query(); }
  void wait() const override { done_.synchronize(); }
  at::Tensor tensor() const override {
    wait();
    return host_;
  }

 private:
  at::Tensor host_;
  at::cuda::CUDAEvent done_;
};

class CudaStream : public DeviceStream {
 public:
  explicit CudaStream(c10::Device device)
      : device_(device),
        work_(c10::cuda::getStreamFromPool(true, device.index())),  // of high priority: goes before a training
        copies_(c10::cuda::getStreamFromPool(true, device.index())),
        memory_(at::cuda::graph_pool_handle()) {}
  ~CudaStream() override {
    try {
      work_.synchronize();
      copies_.synchronize();
    } catch (const c10::Error&) {  // the device is lost, and so is the work
    }
  }
  CudaStream(const CudaStream&) = delete;
  CudaStream& operator=(const CudaStream&) = delete;

  c10::Device device() const override { return device_; }

  void run(const std::function<void()>& work) override {
    const c10::cuda::CUDAStreamGuard guard(work_);
    work();
  }

  std::function<void()> record(const std::function<void()>& work, const std::function<void()>& reset) override {
    const c10::cuda::CUDAStreamGuard guard(work_);
    for (int i = 0; i < kTrials; ++i) {
      reset();
      work();
    }
    work_.synchronize();
    const auto graph = std::make_shared<at::cuda::CUDAGraph>();
    graph->capture_begin(memory_, cudaStreamCaptureModeThreadLocal);  // a training goes on on its own thread
    try {
      work();
    } catch (...) {
      try {
        graph->capture_end();
      } catch (const c10::Error&) {  // the recording was broken off; the first failure tells why
      }
      (void)cudaGetLastError();
      throw;
    }
    graph->capture_end();
    return [graph, stream = work_] {
      const c10::cuda::CUDAStreamGuard on(stream);
      graph->replay();
    };
  }

  void wait_for_caller() override { follow(work_, c10::cuda::getCurrentCUDAStream(device_.index())); }
  void caller_waits() override { follow(c10::cuda::getCurrentCUDAStream(device_.index()), work_); }

  void upload(const at::Tensor& from, const at::Tensor& to) override {
    if (from.numel() == 0) return;
    const at::Tensor pinned = from.to(to.scalar_type()).contiguous().pin_memory();
    const c10::cuda::CUDAStreamGuard guard(work_);
    to.copy_(pinned, true);  // LibTorch keeps the pinned memory until the copy is done
  }

  std::unique_ptr<Download> download(const at::Tensor& from) override {
    const c10::cuda::CUDAStreamGuard guard(work_);
    return std::make_unique<PinnedDownload>(from.clone(), work_, copies_);
  }

  std::unique_ptr<StreamEvent> mark() override { return std::make_unique<Mark>(work_); }

  void wait_for_device() override {
    const c10::cuda::CUDAGuard guard(device_);
    c10::cuda::device_synchronize();
  }

 private:
  c10::Device device_;
  c10::cuda::CUDAStream work_, copies_;
  decltype(at::cuda::graph_pool_handle()) memory_;  // of the recordings, which run one after another
};

}  // namespace

std::unique_ptr<DeviceStream> make_cuda_stream(c10::Device device) {
  if (!device.is_cuda() || c10::cuda::device_count() <= device.index()) return nullptr;
  at::empty({1}, at::TensorOptions().device(device));  // LibTorch sets the device up at the first tensor there
  return std::make_unique<CudaStream>(device);
}

}  // namespace kiln

#else

namespace kiln {

std::unique_ptr<DeviceStream> make_cuda_stream(c10::Device) { return nullptr; }

}  // namespace kiln

#endif
