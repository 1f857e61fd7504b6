// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Dump files (docs/interfaces.md): the tensors of training steps as one .npz archive. It takes what it is given; which
// engine the tensors come from is not its business.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ref/data/npz.hpp"
#include "ref/network/layer_geometry.hpp"
#include "ref/tensor/tensor_view.hpp"

namespace wagesim {

/// A dump that would pass this many bytes is refused.
inline constexpr std::uint64_t kLargestDump = std::uint64_t{2} << 30U;

/// "step3/layer0/acc", "step3/loss".
[[nodiscard]] std::string dump_entry_name(const TensorId& id);

/// Which entries a dump takes: those whose names match a glob (`*` crosses slashes); the empty glob takes all.
class DumpFilter {
public:
    explicit DumpFilter(std::string glob = {}) : glob_(std::move(glob)) {}
    [[nodiscard]] bool matches(const TensorId& id) const;
    [[nodiscard]] bool takes_all() const noexcept { return glob_.empty() || glob_ == "*"; }

private:
    std::string glob_;
};

/// Type (wide enough by proven bounds) and shape of a tensor; nothing where that layer has no such tensor. For loss and
/// prediction the layer means nothing.
struct TensorExtent {
    ElementType type = ElementType::int8;
    Shape shape;
};
[[nodiscard]] std::optional<TensorExtent> tensor_extent(const std::vector<LayerGeometry>& layers,
                                                        const std::vector<LayerBounds>& bounds, std::size_t layer,
                                                        TensorName name, std::size_t batch);

/// Bytes before compression of a dump of `steps` steps; the sum stops growing once it has passed kLargestDump and the
/// filter must be asked entry by entry, so a refused size is then a lower bound.
[[nodiscard]] std::uint64_t estimate_dump_bytes(const std::vector<LayerGeometry>& layers,
                                                const std::vector<LayerBounds>& bounds, std::size_t batch,
                                                std::uint64_t steps, const DumpFilter& filter);

class TensorDump final : public TensorSink {
public:
    /// Nothing appears under `path` before finish(). Throws DataError.
    explicit TensorDump(const std::string& path, DumpFilter filter = DumpFilter());

    [[nodiscard]] bool wants(const TensorId& id) const override { return filter_.matches(id); }
    /// Tensors that the filter does not match are left out. Throws DataError past kLargestDump.
    void on_tensor(const TensorId& id, const TensorView& tensor) override;
    void finish();

private:
    std::string path_;
    NpzWriter file_;
    DumpFilter filter_;
    std::uint64_t bytes_ = 0;
};

}  // namespace wagesim
